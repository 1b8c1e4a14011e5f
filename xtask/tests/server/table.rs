//! The result: a row for each operation, a column for each document.

use std::fmt;

use crate::{cases::Case, subject::Named};

/// The table.
pub struct Table {
    operations: Vec<String>,
    columns: Vec<(Named, Vec<Result<(), String>>)>,
}

impl Table {
    pub fn new(cases: &[Case]) -> Self {
        Self {
            operations: cases.iter().map(|case| case.operation.clone()).collect(),
            columns: Vec::new(),
        }
    }

    pub fn add(&mut self, named: &Named, results: Vec<Result<(), String>>) {
        self.columns.push((named.clone(), results));
    }

    /// How many operations of a document are right.
    pub fn right(&self, name: &str, corrected: bool) -> Option<usize> {
        let is = |(named, _): &&(Named, _)| named.name == name && named.corrected == corrected;
        let (_, results) = self.columns.iter().find(is)?;
        Some(results.iter().filter(|result| result.is_ok()).count())
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = self.columns.iter().map(|(named, _)| match named.corrected {
            true => format!("{} with overlay", named.name),
            false => named.name.clone(),
        });
        let titles: Vec<String> = titles.collect();
        writeln!(f, "| operation | {} |", titles.join(" | "))?;
        writeln!(f, "|---|{}", "---|".repeat(titles.len()))?;
        let right = self.columns.iter().map(|(_, results)| {
            let right = results.iter().filter(|result| result.is_ok()).count();
            format!("**{right}**")
        });
        let right: Vec<String> = right.collect();
        writeln!(
            f,
            "| right of {} | {} |",
            self.operations.len(),
            right.join(" | ")
        )?;
        for (row, operation) in self.operations.iter().enumerate() {
            let cells = self.columns.iter().map(|(_, results)| match &results[row] {
                Ok(()) => "right".to_owned(),
                Err(why) => why.replace('|', "\\|").replace(['\n', '\r'], " "),
            });
            let cells: Vec<String> = cells.collect();
            writeln!(f, "| {operation} | {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}
