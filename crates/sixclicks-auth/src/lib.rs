#![doc = include_str!("../README.md")]

mod cache;
mod exchange;
mod host;
mod key;
mod retry;
mod session;
mod token;

pub use host::HostError;
pub use key::{ApiKey, KeyError};
pub use retry::RetryPolicy;
pub use session::{Counters, Session, SessionBuilder};
pub use sixclicks_core::{Error, ErrorKind};
pub use token::AccessToken;
