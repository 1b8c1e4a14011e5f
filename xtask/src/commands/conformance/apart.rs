//! Every document in a process of its own, so that one that overflows the stack, takes all
//! memory or never ends is a row like any other.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{
    Failure,
    row::{self, Row},
};
use crate::{commands::compile, pipeline};

/// The exit code of a process that reached the limit.
const LATE: i32 = 3;

/// Runs the pipeline over one document, apart. The crates are written when there is a
/// prefix for their folders. A file that is no document of its own has no row.
///
/// # Errors
///
/// When no process can be started.
pub fn run(
    program: &Path,
    folder: &Path,
    file: &Path,
    limit: u64,
    crates: Option<&Path>,
) -> Result<Option<Row>, Failure> {
    let mut command = Command::new(program);
    command
        .arg("conformance")
        .arg(folder)
        .arg("--only")
        .arg(file)
        .arg("--limit")
        .arg(limit.to_string());
    if let Some(prefix) = crates {
        command.arg("--crates").arg(prefix);
    }
    let output = command
        .output()
        .map_err(|error| Failure::Input(format!("cannot start a process: {error}")))?;
    if let (true, Ok(row)) = (
        output.status.success(),
        serde_json::from_slice(&output.stdout),
    ) {
        return Ok(row);
    }
    let error = if output.status.code() == Some(LATE) {
        format!("the pipeline took more than {limit} s")
    } else {
        format!("the pipeline took its process down ({})", output.status)
    };
    Ok(Some(Row {
        error: Some(error),
        ..Row::new(folder, file)
    }))
}

/// The other side: prints the row of one document.
///
/// # Errors
///
/// When its crates cannot be written.
pub fn alone(folder: &Path, file: &Path, limit: u64, crates: Option<&Path>) -> Result<(), Failure> {
    let (folder, file) = (folder.to_owned(), file.to_owned());
    let (done, result) = mpsc::channel();
    thread::Builder::new()
        .stack_size(pipeline::STACK)
        .spawn(move || {
            // Nobody waits any more once the time is over.
            let _ = done.send(row::document(&folder, &file));
        })
        .map_err(Failure::input)?;
    let row = match result.recv_timeout(Duration::from_secs(limit)) {
        Err(mpsc::RecvTimeoutError::Timeout) => std::process::exit(LATE),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            return Err(Failure::Check("the pipeline panicked".to_owned()));
        }
        Ok(None) => None,
        Ok(Some((mut row, made))) => {
            if let Some(prefix) = crates {
                row.crates = compile::write(&PathBuf::from(prefix), made)?;
            }
            Some(row)
        }
    };
    println!("{}", serde_json::to_string(&row).map_err(Failure::input)?);
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path};

    use super::run;
    use crate::commands::conformance::Status;

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
            let (folder, file) = (Path::new("/documents"), Path::new("/documents/a/b.json"));
            let row = run(&program, folder, file, 60, None);
            let row = row.expect("a process").expect("a row");
            assert_eq!(
                (row.file.as_str(), row.status),
                ("a/b.json", Status::Failed)
            );
            let error = row.error.unwrap_or_default();
            assert!(error.contains("took its process down"), "{error}");
            assert!(error.contains(told), "{how}: {error}");
        }
    }
}
