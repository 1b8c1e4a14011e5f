//! The tests of the pipeline and its commands, a file for each subject. Tests that replace the
//! program of this build (`arrival`) or need a server (`server`) are programs of their own.

mod architecture;
mod cases;
mod command;
mod constructs;
mod dialect;
mod diff;
mod extensions;
#[cfg(unix)]
mod extremes;
mod generate;
mod generated;
mod grouped;
mod hostile;
mod judged;
mod kept;
mod lock;
mod names;
mod passes;
mod products;
mod read;
mod references;
mod roundtrip;
mod rust;
mod sample;
mod shared;
mod split;
mod upgrade;
mod validate;
mod vendor;
mod wire;
mod workflows;
