//! `cargo xtask conformance`: the pipeline over every document of a folder, with a row
//! for each. One bad document never stops the rest.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{Failure, root};
use crate::{counted::counted, read, wire::Traffic};
use progress::Progress;
use table::Outcome;
use workspace::Workspace;

mod against;
mod apart;
mod arguments;
pub mod compile;
mod progress;
mod recorded;
mod row;
mod table;
pub mod workspace;

pub use arguments::Arguments;
pub use row::{Made, Row, Status, document};

/// Runs the command.
///
/// # Errors
///
/// When the folder cannot be read, or a valid document fails.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(file) = &arguments.only {
        return apart::alone(arguments, file);
    }
    let files = files(&arguments.paths)?;
    let wanted = arguments.compile || arguments.calls();
    let workspace = wanted
        .then(|| Workspace::take(&root().join("target")))
        .transpose()?;
    let program = std::env::current_exe().map_err(Failure::input)?;
    let progress = Progress::new("files read", files.len());
    let rows: Vec<Option<Row>> = files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let prefix = workspace.as_ref().map(|w| w.prefix(index));
            let row = apart::run(&program, arguments, file, prefix.as_deref());
            progress.step(&file.display());
            row
        })
        .collect::<Result<_, _>>()?;
    let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
    let mut unknown = Vec::new();
    if let Some(workspace) = &workspace {
        let drivers = compile::compile(&mut rows, workspace.folder(), arguments)?;
        match (&arguments.har, &arguments.against) {
            (Some(recording), _) => {
                unknown = recorded::drive(recording, arguments.dialect, &mut rows, &drivers)?;
            }
            (None, Some(url)) => against::drive(url, arguments, &mut rows, &drivers)?,
            (None, None) => drive(&program, arguments, &mut rows, drivers)?,
        }
    }
    if let [folder] = arguments.paths.as_slice()
        && folder.is_dir()
    {
        rows.iter_mut().for_each(|row| row.shorten(folder));
    }
    let outcome = Outcome::new(rows, files.len()).with_unknown(unknown);
    match arguments.names {
        true => outcome.print_names(),
        false => outcome.print(),
    }
    if let Some(path) = &arguments.json {
        outcome
            .write(path)
            .map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))?;
    }
    let failed = outcome.failed();
    if failed > 0 {
        let failed = counted(failed, "valid document");
        return Err(Failure::Check(format!("{failed} failed")));
    }
    Ok(())
}

/// The files that may be documents: those that are given, and those in folders.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_file() {
            true => files.push(path.clone()),
            false => files.extend(read::documents_in(path).map_err(Failure::input)?),
        }
    }
    Ok(files)
}

/// Runs the drivers, by the places of their rows.
fn drive(
    program: &Path,
    arguments: &Arguments,
    rows: &mut [Row],
    drivers: HashMap<usize, Result<String, String>>,
) -> Result<(), Failure> {
    if let Some(folder) = &arguments.record {
        std::fs::create_dir_all(folder).map_err(Failure::input)?;
    }
    let progress = Progress::new("documents called", drivers.len());
    rows.par_iter_mut()
        .enumerate()
        .try_for_each(|(index, row)| {
            let Some(driver) = drivers.get(&index) else {
                return Ok(());
            };
            let file = PathBuf::from(&row.file);
            row.traffic = Some(match driver {
                Ok(driver) => apart::drive(program, arguments, &file, driver)?,
                Err(error) => Traffic::failed(error.clone()),
            });
            progress.step(&file.display());
            Ok(())
        })
}
