//! The session's promises, tested from outside on real sockets that fail in every way.

mod attacks;
mod back_off;
mod calls;
mod chain;
mod exchange;
mod hooks;
mod life;
mod redaction;
mod redirects;
mod runtimes;
#[cfg(unix)]
mod store;
mod tls;
mod transfers;

#[path = "../support/mod.rs"]
mod support;
