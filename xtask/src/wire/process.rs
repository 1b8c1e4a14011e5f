//! A running driver: calls go in, what came of them comes out.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, value::RawValue};

use crate::failure::Failure;

/// The values of a call by the names of the setters, each as the JSON text that it is.
pub type Values = BTreeMap<String, Box<RawValue>>;

/// A running driver. It ends when it is dropped.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts one of the drivers in a program, with the server that it calls and the key that
    /// it exchanges there.
    ///
    /// # Errors
    ///
    /// If the program cannot be started.
    pub fn start(program: &Path, driver: &str, url: &str, key: &str) -> Result<Self, Failure> {
        let mut child = Command::new(program)
            .arg(driver)
            .env("SIXCLICKS_HOST", url)
            .env("SIXCLICKS_API_KEY", key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(Failure::input)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::Input(
                "the driver has no input or output".to_owned(),
            ));
        };
        Ok(Self {
            child,
            input: Some(input),
            output: BufReader::new(output),
        })
    }

    /// Calls an operation, and returns the line of JSON that says what came of it; `None` if
    /// the driver has ended.
    pub fn call(&mut self, operation: &str, values: &Values) -> Option<String> {
        let call = serde_json::json!({"operation": operation}).to_string();
        let values = serde_json::to_string(values).ok()?;
        // Space between the parts of a recorded body may break lines; none within a text can.
        let values = values.replace(['\n', '\r'], " ");
        let call = format!("{},\"values\":{values}}}", &call[..call.len() - 1]);
        writeln!(self.input.as_mut()?, "{call}").ok()?;
        let mut line = String::new();
        let read = self.output.read_line(&mut line).ok()?;
        (read > 0).then_some(line)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The end of its input is the end of its work.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The JSON text of a value.
pub fn raw(value: &Value) -> Box<RawValue> {
    // Values that are JSON already always have a notation.
    serde_json::value::to_raw_value(value).unwrap_or_default()
}

/// Values of a call from JSON.
pub fn values(map: &serde_json::Map<String, Value>) -> Values {
    let values = map.iter();
    values
        .map(|(name, value)| (name.clone(), raw(value)))
        .collect()
}
