#![doc = include_str!("../README.md")]

mod budget;
mod builder;
mod cache;
mod certificate;
mod exchange;
mod handshake;
mod host;
mod http_client;
mod key;
#[cfg(feature = "middleware")]
mod middleware;
mod pace;
mod random;
mod redirect;
mod retry;
mod scrub;
mod send;
mod session;
mod source;
mod store;
mod sync;
mod token;
mod tokens;

pub use builder::SessionBuilder;
pub use certificate::{CertificateError, ClientCertificate};
pub use host::HostError;
pub use key::{ApiKey, KeyError};
#[cfg(feature = "middleware")]
pub use middleware::SessionMiddleware;
pub use retry::RetryPolicy;
pub use session::{Counters, Session};
pub use sixclicks_core::{Error, ErrorKind};
pub use source::{KeyFailure, SourceFuture, TokenSource};
pub use store::{FileStore, StoreEntry, StoreError, TokenStore};
pub use token::AccessToken;
