//! The lock that the cache is built on. The test of the cache's interleavings compiles the
//! cache with another one in its place.

pub use std::sync::Mutex;
