//! Documents that real projects published are read, where a copy of the collection is at hand.
use xtask::read::{ReadError, ReadOptions, documents_in, read};

use crate::shared::shared;

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
