//! How commands fail, and with which exit code.

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A check failed (exit code 1).
    #[error("{0}")]
    Check(String),
    /// An input cannot be used (exit code 2).
    #[error("{0}")]
    Input(String),
}

impl Failure {
    /// Returns a failure of an input.
    pub fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }
}
