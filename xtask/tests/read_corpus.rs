//! Documents that real projects published are read, where a copy of the collection is at hand.
use std::{env, path::PathBuf};
use xtask::read::{ReadError, ReadOptions, documents_in, read};

/// The collection: in the folder that `SIXCLICKS_SHARED` names, or in `shared` beside the checkout.
fn shared(folder: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = env::var_os("SIXCLICKS_SHARED").map_or(beside, PathBuf::from);
    let found = shared
        .join(folder)
        .canonicalize()
        .ok()
        .filter(|path| path.is_dir());
    if found.is_none() {
        println!(
            "skipped: no {folder} in {}; set SIXCLICKS_SHARED to its folder",
            shared.display()
        );
    }
    found
}

/// Reads every document of the folder; references to files that the collection does not have are
/// the only errors that may be. Gives how many were read.
fn read_all(folder: &str) -> Option<(usize, usize)> {
    let folder = shared(folder)?;
    let (mut documents, mut incomplete) = (0, 0);
    for path in documents_in(&folder).unwrap() {
        match read(path.to_str().unwrap(), &ReadOptions::default()) {
            Ok(read) => {
                assert_eq!(read.len(), 1);
                assert!(
                    read[0]
                        .value
                        .get("openapi")
                        .or(read[0].value.get("swagger"))
                        .is_some()
                );
                documents += 1;
                for note in &read[0].notes {
                    println!("{}: {note}", path.display());
                }
            }
            Err(error @ ReadError::Reference { .. }) => {
                println!("{error}");
                incomplete += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    println!("{documents} documents read, {incomplete} refer to what is not there");
    Some((documents, incomplete))
}

#[test]
fn every_published_document_is_read() {
    if let Some((documents, incomplete)) = read_all("corpus") {
        assert!(documents > 100);
        assert!(incomplete < 10);
    }
}

#[test]
fn every_probe_is_read() {
    read_all("probes");
}
