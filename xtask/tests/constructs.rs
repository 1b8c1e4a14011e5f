//! Constructs that no single pass is for, each with what a user sees of the Rust that is made
//! of it: `constructs/<subject>.json` holds whole documents. Set `BLESS=1` to write what comes
//! out as what is expected, and read the difference before it is committed.

use std::{fs, path::Path};

use serde_json::Value;

#[path = "passes/rust.rs"]
mod rust;

#[test]
fn every_construct_becomes_the_rust_that_is_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for file in fs::read_dir(folder).expect("the cases") {
        let path = file.expect("the cases").path();
        let text = fs::read_to_string(&path).expect("a file of cases");
        let mut cases: Value = serde_json::from_str(&text).expect("a list of cases");
        for case in cases.as_array_mut().expect("a list of cases") {
            let rust = rust::seen(case["document"].clone());
            if rust != case["rust"] {
                wrong.push(format!("{}: {}\n{rust:#}", path.display(), case["name"]));
            }
            case["rust"] = rust;
            seen += 1;
        }
        if std::env::var_os("BLESS").is_some() {
            let text = serde_json::to_string_pretty(&cases).expect("JSON");
            fs::write(&path, text + "\n").expect("the file of cases");
        }
    }
    assert!(seen >= 40, "only {seen} cases");
    assert!(
        wrong.is_empty() || std::env::var_os("BLESS").is_some(),
        "{}",
        wrong.join("\n\n")
    );
}
