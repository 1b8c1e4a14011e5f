#![doc = include_str!("../README.md")]

mod builder;
mod cache;
mod certificate;
mod exchange;
mod host;
mod key;
mod retry;
mod session;
mod source;
mod token;

pub use builder::SessionBuilder;
pub use certificate::{CertificateError, ClientCertificate};
pub use host::HostError;
pub use key::{ApiKey, KeyError};
pub use retry::RetryPolicy;
pub use session::{Counters, Session};
pub use sixclicks_core::{Error, ErrorKind};
pub use source::{KeyFailure, SourceFuture, TokenSource};
pub use token::AccessToken;
