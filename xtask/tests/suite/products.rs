//! Documents of real products, when they are at hand: in `../shared/corpus` beside the
//! repository, or where `SIXCLICKS_SHARED` says.

use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, STACK, run},
    read,
};

use crate::shared::shared;

/// Operations as a reader of the document would count them.
fn operations(document: &serde_json::Value) -> usize {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let items = document["paths"].as_object().into_iter().flatten();
    items
        .map(|(_, item)| {
            METHODS
                .iter()
                .filter(|method| item[**method].is_object())
                .count()
        })
        .sum()
}

#[test]
fn every_operation_of_real_products_is_a_method_and_nothing_is_lost() {
    let Some(corpus) = shared("corpus") else {
        return;
    };
    for name in [
        "products/Sonarr_src_Sonarr.Api.V3_openapi.json",
        "products/OpenAPI-Specifications_click.rest.swagger_v2.json",
        "products/Xero-OpenAPI_xero_files.yaml",
        "products/eShop_src_Catalog.API_Catalog.API.json",
    ] {
        let path = corpus.join(name).display().to_string();
        let mut documents = read::read(&path, &read::ReadOptions::default()).expect(name);
        let document = documents.remove(0);
        let expected = operations(&document.value);
        let made = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || {
                let input = Input::new(document.name, path, document.value);
                run(vec![input], &Config::default(), &Place::Workspace)
                    .map_err(|error| error.to_string())
            })
            .expect("a thread")
            .join()
            .expect("no panic")
            .expect(name);
        let mut methods = 0;
        for made in &made {
            let client = &made.files[std::path::Path::new("src/client.rs")];
            methods += client.matches("-> builder::").count();
            assert_eq!(made.counts.methods, made.counts.operations, "{name}");
            assert!(
                made.counts.types >= made.counts.schemas,
                "{name}: {:?}",
                made.counts
            );
            assert_eq!(made.report.losses().count(), 0, "{name}");
        }
        assert!(
            methods >= expected,
            "{name}: {methods} methods for {expected} operations"
        );
    }
}
