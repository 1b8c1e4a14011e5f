//! The command line of the pipeline.
fn main() {}
