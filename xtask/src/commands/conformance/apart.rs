//! Every document in a process of its own, so that one that overflows the stack, takes all
//! memory or never ends is a row like any other.

use std::{
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use super::{
    Failure,
    row::{self, Row},
};
use crate::{commands::compile, pipeline};

/// How long the pipeline may take over one document.
const LIMIT: Duration = Duration::from_secs(300);

/// The exit code of a process that reached the limit.
const LATE: i32 = 3;

/// Runs the pipeline over one document, apart. The crates are written when there is a
/// prefix for their folders. A file that is no document of its own has no row.
///
/// # Errors
///
/// When no process can be started.
pub fn run(folder: &Path, file: &Path, crates: Option<&Path>) -> Result<Option<Row>, Failure> {
    let program = std::env::current_exe().map_err(Failure::input)?;
    let mut command = Command::new(program);
    command
        .arg("conformance")
        .arg(folder)
        .arg("--only")
        .arg(file);
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
        format!("the pipeline took more than {} s", LIMIT.as_secs())
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
pub fn alone(folder: &Path, file: &Path, crates: Option<&Path>) -> Result<(), Failure> {
    thread::spawn(|| {
        thread::sleep(LIMIT);
        std::process::exit(LATE);
    });
    let (folder, file) = (folder.to_owned(), file.to_owned());
    let result = thread::Builder::new()
        .stack_size(pipeline::STACK)
        .spawn(move || row::document(&folder, &file))
        .map_err(Failure::input)?
        .join()
        .map_err(|_| Failure::Check("the pipeline panicked".to_owned()))?;
    let row = match result {
        None => None,
        Some((mut row, made)) => {
            if let Some(prefix) = crates {
                row.crates = compile::write(&PathBuf::from(prefix), made)?;
            }
            Some(row)
        }
    };
    println!("{}", serde_json::to_string(&row).map_err(Failure::input)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::run;
    use crate::commands::conformance::Status;

    /// This program is the test harness here, which stops at arguments that it does not know.
    #[test]
    fn a_process_that_dies_is_a_failed_document() {
        let row = run(
            Path::new("/documents"),
            Path::new("/documents/a/b.json"),
            None,
        );
        let row = row.expect("a process").expect("a row");
        assert_eq!(
            (row.file.as_str(), row.status),
            ("a/b.json", Status::Failed)
        );
        let error = row.error.unwrap_or_default();
        assert!(error.contains("took its process down"), "{error}");
    }
}
