//! How errors are shown: one line for people, and nothing that may be secret.

use super::Error;

impl<E> std::fmt::Display for Error<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.inner.operation.is_empty() {
            write!(f, "{}: ", self.inner.operation)?;
        }
        f.write_str(&self.inner.message)?;
        if let Some(status) = self
            .inner
            .status
            .filter(|s| !self.inner.message.contains(s.as_str()))
        {
            write!(f, " (status {})", status.as_u16())?;
        }
        for error in self.validation_errors().iter().take(3) {
            write!(f, "; {}: {}", error.members.join(", "), error.message)?;
        }
        if let Some(reached) = &self.inner.reached {
            let items = if reached.items == 1 { "item" } else { "items" };
            write!(f, "; after {} {items}, at {}", reached.items, reached.next)?;
        }
        Ok(())
    }
}

/// Neither headers nor bodies are shown: both may hold secrets.
impl<E> std::fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("operation", &self.inner.operation)
            .field("status", &self.inner.status.map(|status| status.as_u16()))
            .field("message", &self.inner.message)
            .finish_non_exhaustive()
    }
}

impl<E> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

/// What lies beneath an error, in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}
