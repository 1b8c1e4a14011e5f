//! The judging of recorded exchanges, over the documents of all rows at once: an entry
//! belongs to the document that has its operation.

use std::{collections::HashMap, path::Path};

use sixclicks_sandbox::Document;

use super::{
    compile,
    row::{self, Made, Row},
};
use crate::{
    commands::Failure,
    dialect::Choice,
    wire::{
        Traffic,
        recorded::{Subject, har, judge},
    },
};

/// Judges a recording by the drivers of the rows, fills in what came of it, and returns the
/// entries whose path no document has.
///
/// # Errors
///
/// If the recording cannot be read, or a driver cannot be started.
pub fn drive(
    recording: &Path,
    choice: Option<Choice>,
    rows: &mut [Row],
    drivers: &HashMap<usize, Result<String, String>>,
) -> Result<Vec<String>, Failure> {
    let entries = har::read(recording).map_err(Failure::input)?;
    let mut made: Vec<(usize, &str, Made)> = Vec::new();
    for (index, row) in rows.iter_mut().enumerate() {
        match drivers.get(&index) {
            Some(Ok(driver)) => made.push((index, driver, row::again(&row.file, choice)?)),
            Some(Err(error)) => row.traffic = Some(Traffic::failed(error.clone())),
            None => {}
        }
    }
    let subjects: Vec<Subject<'_>> = made
        .iter()
        .map(|(_, driver, made)| Subject {
            driver,
            documents: made.received.iter().cloned().map(Document::new).collect(),
            plans: made.crates.iter().map(|made| &made.plan).collect(),
        })
        .collect();
    let outcome = judge(&compile::program(), &subjects, &entries)?;
    for ((index, ..), traffic) in made.iter().zip(outcome.traffic) {
        rows[*index].traffic = Some(traffic);
    }
    Ok(outcome.unknown)
}
