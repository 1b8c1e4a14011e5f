#![doc = include_str!("../README.md")]

mod attempt;
mod budget;
mod builder;
mod cache;
mod certificate;
mod chain;
mod exchange;
mod handshake;
mod hooks;
mod host;
mod http_client;
mod idempotency;
mod key;
mod latency;
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
mod span;
mod store;
mod sync;
mod token;
mod tokens;
#[cfg(feature = "trace-context")]
mod trace_context;

pub use builder::SessionBuilder;
pub use certificate::{CertificateError, ClientCertificate};
pub use chain::KeyChain;
pub use hooks::{Attempt, Outcome, Renewal, SessionHooks};
pub use host::HostError;
pub use key::{ApiKey, KeyError};
pub use latency::{Latencies, Latency};
#[cfg(feature = "middleware")]
pub use middleware::SessionMiddleware;
pub use retry::RetryPolicy;
pub use session::{Counters, Session};
pub use sixclicks_core::{Error, ErrorKind};
pub use source::{KeyFailure, SourceFuture, TokenSource};
pub use store::{FileStore, StoreEntry, StoreError, TokenStore};
pub use token::AccessToken;
