//! What errors and logs say, for tests that look for secrets in it.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use sixclicks_auth::Error;
use tracing_subscriber::fmt::MakeWriter;

/// Collects text: what is logged, and what a test adds.
#[derive(Clone, Default)]
pub struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    pub fn add(&self, text: &str) {
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// Returns the text so far and starts anew.
    pub fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Said {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        Write::write(&mut *self.0.lock().unwrap(), part)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Said {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Returns everything that an error shows or carries.
pub fn shown<E: std::fmt::Debug>(error: &Error<E>) -> String {
    let mut text = format!(
        "{error} {error:?} {:?} {:?}",
        error.headers(),
        error.typed()
    );
    text += &format!(" {:?} {:?}", error.details(), error.validation_errors());
    text += &format!(" {:?} {:?}", error.code(), error.request_id());
    text += &String::from_utf8_lossy(error.body()).replace('\0', "");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text += &format!(" {inner} {inner:?}");
        source = inner.source();
    }
    text
}
