//! Answers of types that contain themselves. Reading them goes as deep as the server's answer
//! does, and the stack of a task is soon at its end: without optimisation, a hundred levels of a
//! large type take several megabytes.

use std::{io, panic, thread};

use crate::read::is_deeper_than;

/// As many levels of objects and lists as any stack has room for.
const SHALLOW: usize = 8;

/// The stack for deeper answers, in bytes: room for the 128 levels that are read at all, of the
/// largest types.
const STACK: usize = 64 * 1024 * 1024;

/// Reads an answer, on a stack of its own where it is deep.
///
/// # Errors
/// When there is no thread to be had for it.
pub(super) fn with_room<T: Send>(json: &[u8], read: impl FnOnce() -> T + Send) -> io::Result<T> {
    if !is_deeper_than(SHALLOW, json) {
        return Ok(read());
    }
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        match builder.spawn_scoped(scope, read)?.join() {
            Ok(value) => Ok(value),
            Err(panicked) => panic::resume_unwind(panicked),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{SHALLOW, is_deeper_than};

    #[test]
    fn brackets_within_text_are_no_levels() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(!is_deeper_than(SHALLOW, nested(SHALLOW).as_bytes()));
        assert!(is_deeper_than(SHALLOW, nested(SHALLOW + 1).as_bytes()));
        let text = format!(
            r#"{{"a\"{0}": "{0}\\", "b": [{{}}, "{0}"]}}"#,
            "[".repeat(20)
        );
        assert!(!is_deeper_than(SHALLOW, text.as_bytes()));
        let beside = format!("[{}]", "[[]],".repeat(40));
        assert!(!is_deeper_than(SHALLOW, beside.as_bytes()));
    }
}
