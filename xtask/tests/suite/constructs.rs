//! Constructs that no single pass is for, each with what a user sees of the Rust that is made
//! of it: `constructs/<subject>.json` holds whole documents. Set `BLESS=1` to write what comes
//! out as what is expected, and read the difference before it is committed.

use std::{fs, path::Path};

use xtask::config::Config;

use crate::{cases::Cases, rust};

#[test]
fn every_construct_becomes_the_rust_that_is_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
    let mut cases = Cases::default();
    for file in fs::read_dir(folder).expect("the cases") {
        cases.look(&file.expect("the cases").path(), |case| {
            vec![(
                "rust",
                rust::seen(case["document"].clone(), &Config::default()),
            )]
        });
    }
    cases.end(40);
}
