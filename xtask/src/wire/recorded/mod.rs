//! Recorded exchanges, judged: whether a generated crate would have sent the request and
//! read the response.

pub mod har;
pub mod request;
