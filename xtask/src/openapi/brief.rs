//! A value as messages and reports show it.

use std::io::{self, Write};

use serde_json::Value;

/// The most bytes of a value that a note shows.
const SHOWN: usize = 100;

/// A value as JSON, cut short; costs no more than what it shows, however large the value.
#[must_use]
pub fn brief(value: &Value) -> String {
    let mut shown = Shown(Vec::with_capacity(SHOWN));
    let complete = serde_json::to_writer(&mut shown, value).is_ok();
    let text = String::from_utf8_lossy(&shown.0);
    if complete {
        text.into_owned()
    } else {
        format!("{}…", text.trim_end_matches('\u{fffd}'))
    }
}

struct Shown(Vec<u8>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = SHOWN - self.0.len();
        self.0.extend(bytes.iter().take(room));
        if bytes.len() > room {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(bytes.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
