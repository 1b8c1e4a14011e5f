//! Every document in a process of its own, so that one that overflows the stack, takes all
//! memory or never ends is a row like any other.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    arguments::Arguments,
    compile,
    row::{self, Made, Row},
};
use crate::{commands::Failure, model::Plan, pipeline, wire};

/// The exit code of a process that reached the limit.
const LATE: i32 = 3;

/// How long all calls of one document may take, in seconds.
const CALLS: u64 = 1_800;

/// Runs the pipeline over one document, apart. The crates are written when there is a
/// prefix for their folders. A file that is no document of its own has no row.
///
/// # Errors
///
/// When no process can be started.
pub fn run(
    program: &Path,
    arguments: &Arguments,
    file: &Path,
    crates: Option<&Path>,
) -> Result<Option<Row>, Failure> {
    let mut command = command(program, arguments, file, arguments.limit);
    if let Some(prefix) = crates {
        command.arg("--crates").arg(prefix);
    }
    if arguments.calls() {
        command.arg("--wire");
    }
    if arguments.names {
        command.arg("--names");
    }
    let row = told(command, "the pipeline", arguments.limit)?;
    Ok(row.unwrap_or_else(|error| {
        Some(Row {
            error: Some(error),
            ..Row::new(file)
        })
    }))
}

/// Calls every operation of one document by its driver, apart.
///
/// # Errors
///
/// When no process can be started.
pub fn drive(
    program: &Path,
    arguments: &Arguments,
    file: &Path,
    driver: &str,
) -> Result<wire::Traffic, Failure> {
    let mut command = command(program, arguments, file, CALLS);
    command.arg("--drive").arg(driver);
    if let Some(folder) = &arguments.record {
        command.arg("--wire").arg("--record").arg(folder);
    }
    let traffic = told(command, "the calls", CALLS)?;
    Ok(traffic.unwrap_or_else(wire::Traffic::failed))
}

fn command(program: &Path, arguments: &Arguments, file: &Path, limit: u64) -> Command {
    let mut command = Command::new(program);
    command
        .arg("conformance")
        .args(&arguments.paths)
        .arg("--only")
        .arg(file)
        .arg("--limit")
        .arg(limit.to_string());
    if let Some(dialect) = arguments.dialect {
        command.arg("--dialect").arg(dialect.name());
    }
    command
}

/// What a process prints, or how it ended.
fn told<T: DeserializeOwned>(
    mut command: Command,
    what: &str,
    limit: u64,
) -> Result<Result<T, String>, Failure> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::Input(format!("cannot start a process: {error}")))?;
    if output.status.success()
        && let Ok(told) = serde_json::from_slice(&output.stdout)
    {
        return Ok(Ok(told));
    }
    Ok(Err(if output.status.code() == Some(LATE) {
        format!("{what} took more than {limit} s")
    } else {
        format!("{what} took its process down ({})", output.status)
    }))
}

/// The other side: prints the row of one document, or what became of its calls.
///
/// # Errors
///
/// When its crates cannot be written, or its driver cannot be run.
pub fn alone(arguments: &Arguments, file: &Path) -> Result<(), Failure> {
    let (own, file) = (arguments.clone(), file.to_owned());
    let (done, result) = mpsc::channel();
    thread::Builder::new()
        .stack_size(pipeline::STACK)
        .spawn(move || {
            let told = tell(&own, &file);
            // Nobody waits any more once the time is over.
            let _ = done.send(told);
        })
        .map_err(Failure::input)?;
    match result.recv_timeout(Duration::from_secs(arguments.limit)) {
        Err(mpsc::RecvTimeoutError::Timeout) => std::process::exit(LATE),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(Failure::Check("the pipeline panicked".to_owned()))
        }
        Ok(told) => {
            println!("{}", told?);
            Ok(())
        }
    }
}

/// What is printed of a document, as JSON.
fn tell(arguments: &Arguments, file: &Path) -> Result<String, Failure> {
    let Some((mut row, made)) = row::document(file, arguments.dialect) else {
        return json(&None::<Row>);
    };
    if arguments.names {
        row.names = made
            .crates
            .iter()
            .flat_map(|made| made.names.clone())
            .collect();
    }
    match &arguments.drive {
        Some(driver) => {
            let plans: Vec<&Plan> = made.crates.iter().map(|made| &made.plan).collect();
            json(&wire::drive(
                &compile::program(),
                driver,
                &made.received_in_dialect(),
                &plans,
                arguments
                    .record
                    .as_deref()
                    .map(|folder| recording(folder, &row.file))
                    .as_deref(),
            )?)
        }
        None => json(&write(row, made, arguments)?),
    }
}

/// The file in which the calls of a document are recorded: its path in the folder of documents,
/// with `%` for every separator.
fn recording(folder: &Path, document: &str) -> PathBuf {
    folder.join(document.replace(['/', '\\'], "%") + ".jsonl")
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::input)
}

/// Writes the crates of a document where they are wanted, and the driver that calls them.
fn write(mut row: Row, mut made: Made, arguments: &Arguments) -> Result<Row, Failure> {
    let Some(prefix) = &arguments.crates else {
        return Ok(row);
    };
    row.crates = compile::write(prefix, &mut made.crates)?;
    if arguments.wire && !made.crates.is_empty() {
        let plans = made.crates.iter().map(|made| &made.plan);
        let crates: Vec<(String, &Plan)> = row.crates.iter().cloned().zip(plans).collect();
        row.driver = Some(compile::write_driver(prefix, &crates)?);
    }
    Ok(row)
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path};

    use super::run;
    use crate::commands::conformance::{Arguments, Status};

    #[test]
    fn a_process_that_dies_is_a_failed_document() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("program");
        for (how, told) in [
            ("kill -s SEGV $$", "signal: 11"),
            ("kill -s KILL $$", "signal: 9"),
            ("exit 101", "exit status: 101"),
            ("echo '{'", "exit status: 0"),
        ] {
            fs::write(&program, format!("#!/bin/sh\n{how}\n")).expect("a program");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("its mode");
            let arguments = Arguments::new("/documents");
            let row = run(&program, &arguments, Path::new("/documents/a/b.json"), None);
            let row = row.expect("a process").expect("a row");
            assert_eq!(
                (row.file.as_str(), row.status),
                ("/documents/a/b.json", Status::Failed)
            );
            let error = row.error.unwrap_or_default();
            assert!(error.contains("took its process down"), "{error}");
            assert!(error.contains(told), "{how}: {error}");
        }
    }
}
