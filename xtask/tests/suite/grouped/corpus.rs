//! The groups and names of real products' operations, when their documents are at hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use xtask::{
    dialect::Dialect,
    names::{Api, Named, NamesLock, Rules, api, name, path_of},
    pipeline::{Input, STACK},
    read,
    report::Report,
    split::{SplitConfig, SplitInput, split},
    upgrade::upgrade,
};

use super::by_place;
use crate::shared::shared;

/// The documents whose operations a person named, by the names of the files with these names.
const CHOSEN: [(&str, &str); 7] = [
    ("kavita", "aspnet/recorded/kavita/document.json"),
    ("swashbuckle-3.0", "aspnet/documents/swashbuckle-3.0.json"),
    ("nswag-3.0", "aspnet/documents/nswag-3.0.json"),
    (
        "sonarr",
        "corpus/products/Sonarr_src_Sonarr.Api.V3_openapi.json",
    ),
    (
        "eshop-catalog",
        "corpus/products/eShop_src_Catalog.API_Catalog.API.json",
    ),
    (
        "docusign-click-v2",
        "corpus/products/OpenAPI-Specifications_click.rest.swagger_v2.json",
    ),
    ("xero-files", "corpus/products/Xero-OpenAPI_xero_files.yaml"),
];

/// How many of a hundred pairs of group and name have to be acceptable, of all documents and of
/// each.
const ACCEPTABLE: (usize, usize) = (90, 80);

/// The APIs of a document as they are named.
fn apis(file: &Path) -> Vec<Api> {
    let file = file.to_owned();
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let documents = read::read(&file.display().to_string(), &read::ReadOptions::default());
            let documents = documents.expect("a document").into_iter().map(Input::from);
            let documents = documents.map(|input| {
                let dialect = Dialect::new(input.recognition, None);
                let (mut value, mut report) = (input.value, Report::default());
                dialect.correct_received(&mut value, &mut report);
                let mut value = upgrade(value).expect("a valid document").value;
                dialect.correct_upgraded(&mut value, &mut report);
                SplitInput {
                    name: input.name,
                    value,
                }
            });
            let split = split(documents.collect(), &SplitConfig::default()).expect("one API each");
            split
                .iter()
                .map(|one| api(&one.value, |pointer| path_of(&one.places.received(pointer))))
                .collect()
        });
    worker.expect("a thread").join().expect("no panic")
}

fn named(api: &Api, lock: &NamesLock) -> Vec<Named> {
    let names = name(api, &Rules::default(), lock);
    names.expect("no rules").operations
}

fn rows(file: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).expect("a table");
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

/// A name with its alternatives.
fn alternatives(name: &str, others: Option<&String>) -> BTreeSet<String> {
    let others = others.map(String::as_str).unwrap_or_default();
    let others = others
        .split(',')
        .map(str::trim)
        .filter(|other| !other.is_empty());
    others.chain([name]).map(str::to_owned).collect()
}

#[test]
fn a_person_would_choose_most_of_the_names() {
    let (Some(names), Some(shared)) = (shared("names"), shared("")) else {
        return;
    };
    let mut groups: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for row in rows(&names.join("groups.tsv")) {
        let known = groups.entry((row[0].clone(), row[2].clone())).or_default();
        known.extend(alternatives(&row[2], row.get(5)));
    }
    let (mut good, mut all) = (0, 0);
    for (document, file) in CHOSEN {
        let mut made = BTreeMap::new();
        for api in apis(&shared.join(file)) {
            for named in self::named(&api, &NamesLock::default()) {
                made.insert((named.method, named.path), (named.group, named.name));
            }
        }
        let (mut here, mut of) = (0, 0);
        for row in rows(&names.join(format!("{document}.tsv"))) {
            of += 1;
            let key = (document.to_owned(), row[2].clone());
            let groups = groups.get(&key).cloned();
            let groups = groups.unwrap_or_else(|| alternatives(&row[2], None));
            let names = alternatives(&row[3], row.get(4));
            match made.get(&(row[0].clone(), row[1].clone())) {
                Some((group, name)) if groups.contains(group) && names.contains(name) => here += 1,
                other => println!(
                    "{} {}: {other:?}, chosen {}.{}",
                    row[0], row[1], row[2], row[3]
                ),
            }
        }
        println!("{document}: {here} of {of}");
        assert!(
            here * 100 >= of * ACCEPTABLE.1,
            "{document}: {here} of {of}"
        );
        (good, all) = (good + here, all + of);
    }
    println!("{good} of {all}");
    assert!(good * 100 >= all * ACCEPTABLE.0, "{good} of {all}");
}

/// The APIs of all products.
fn products() -> Vec<Api> {
    let Some(products) = shared("corpus/products") else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = fs::read_dir(products)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.par_iter().flat_map_iter(|file| apis(file)).collect()
}

#[test]
fn adding_any_operation_renames_none_that_is_kept() {
    products().par_iter().for_each(|api| {
        for at in 0..api.operations.len() {
            let mut without = api.clone();
            let added = without.operations.remove(at);
            let mut lock = NamesLock::default();
            let before = named(&without, &lock);
            lock.keep(&before);
            let after = named(api, &lock);
            let names: BTreeSet<(&str, &str)> = by_place(&after).into_values().collect();
            let place = format!("{}: {} {}", api.title, added.method, added.path);
            assert_eq!(names.len(), after.len(), "{place}: a name stands twice");
            let now = by_place(&after);
            for (key, name) in by_place(&before) {
                assert_eq!(now.get(&key), Some(&name), "{place}: {key:?}");
            }
        }
    });
}

#[test]
fn the_order_of_operations_changes_no_name() {
    for api in products() {
        let names = named(&api, &NamesLock::default());
        let names = by_place(&names);
        let mut random = fastrand::Rng::with_seed(7);
        let mut shuffled = api.clone();
        for _ in 0..4 {
            random.shuffle(&mut shuffled.operations);
            random.shuffle(&mut shuffled.types);
            let again = named(&shuffled, &NamesLock::default());
            assert_eq!(by_place(&again), names, "{}", api.title);
        }
    }
}
