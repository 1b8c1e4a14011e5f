//! The session's promises, tested from outside on real sockets that fail in every way.

mod calls;
mod exchange;
mod life;
mod redirects;
mod runtimes;
mod seen;
#[cfg(unix)]
mod store;
mod tls;

#[path = "../support/mod.rs"]
mod support;
