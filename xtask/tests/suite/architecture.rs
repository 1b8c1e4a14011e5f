//! What the parts of the pipeline may import: only parts that come before them in
//! [`PARTS`]. There are no cycles, and no stage after the model reads the marks of the passes.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The parts of `xtask/src`, each after everything that it imports.
const PARTS: [&str; 31] = [
    "counted",
    "failure",
    "ident",
    "media",
    "openapi",
    "printable",
    "references",
    "read",
    "report",
    "upgrade",
    "validate",
    "lower",
    "dialect",
    "split",
    "asides",
    "names",
    "config",
    "model",
    "generate",
    "surface",
    "diff",
    "emit",
    "pipeline",
    "overlay",
    "lock",
    "release",
    "fetch",
    "wire",
    "commands",
    "lib",
    "main",
];

/// The stages after the model, and the commands.
const AFTER_THE_MODEL: [&str; 6] = ["commands", "diff", "emit", "generate", "surface", "wire"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Returns the part that a file belongs to.
fn part(file: &Path) -> String {
    let inside = file.strip_prefix(root()).expect("a source file");
    let first = inside.iter().next().expect("a file").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the parts that a source text imports: `crate::part` and `crate::{part::…, part}`.
/// Links in comments do not count.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let text: String = code.flat_map(|line| [line, "\n"]).collect();
    for after in text.split("crate::").skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            found.insert(word(after));
            continue;
        };
        let mut depth = 0;
        let mut starts = true;
        for (at, character) in group.char_indices() {
            if starts && depth == 0 && character.is_alphabetic() {
                found.insert(word(&group[at..]));
                starts = false;
            }
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' => starts = true,
                _ => {}
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}

#[test]
fn parts_import_only_parts_before_them() {
    let place = |part: &str| PARTS.iter().position(|known| *known == part);
    let mut wrong = Vec::new();
    let mut read = 0;
    for file in sources(&root()) {
        let own = part(&file);
        let Some(at) = place(&own) else {
            wrong.push(format!("{own} is missing from the list"));
            continue;
        };
        let text = fs::read_to_string(&file).expect("a source file");
        for imported in imports(&text).iter().filter(|imported| **imported != own) {
            read += 1;
            // Items at the root of the crate are none.
            if place(imported).is_some_and(|imported| imported > at) {
                wrong.push(format!("{} imports {imported}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 200, "only {read} imports were read");
}

#[test]
fn imports_are_found_alone_and_in_groups() {
    let text = "use crate::media;\nuse crate::{\n    openapi::{walk, grammar::Kind},\n    report::Report,\n};\nlet x = crate::ident::key(name);";
    let found: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(found, ["ident", "media", "openapi", "report"]);
}

#[test]
fn no_stage_after_the_model_reads_the_marks_of_the_passes() {
    let mut read = 0;
    for stage in AFTER_THE_MODEL {
        for file in sources(&root().join(stage)) {
            let text = fs::read_to_string(&file).expect("a source file");
            read += 1;
            for mark in ["x-sixclicks-mark-", "lower::constants", "lower::tags"] {
                assert!(!text.contains(mark), "{} has `{mark}`", file.display());
            }
        }
    }
    assert!(read > 60, "only {read} files were read");
}
