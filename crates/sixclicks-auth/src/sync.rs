//! The locks that the cache is built on. The test of the cache's interleavings compiles the
//! cache with others in their place.

pub use std::sync::{Mutex, RwLock};
