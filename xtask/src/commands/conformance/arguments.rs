//! What `conformance` takes.

use std::path::PathBuf;

use crate::dialect::Choice;

/// The arguments of `conformance`.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Documents, or folders to search for documents
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Compile every crate and its documentation, and count warnings
    #[arg(long)]
    pub compile: bool,
    /// Call every operation through its crate against a sandbox, which checks the requests and
    /// sends every documented response, also with the deviations that ASP.NET servers show
    #[arg(long)]
    pub wire: bool,
    /// With --wire: record the bytes of all calls in this folder, one file per document
    #[arg(long, value_name = "FOLDER", requires = "wire")]
    pub record: Option<PathBuf>,
    /// Which tool's known mistakes are corrected in the documents (default: the tool that each
    /// document is recognised to come from)
    #[arg(long, value_enum, value_name = "DIALECT")]
    pub dialect: Option<Choice>,
    /// Call the operations of the documents on the server at this URL
    #[arg(long, value_name = "URL", conflicts_with_all = ["wire", "har"])]
    pub against: Option<String>,
    /// With --against: the API key (default: SIXCLICKS_API_KEY)
    #[arg(long, value_name = "KEY", requires = "against")]
    pub key: Option<String>,
    /// With --against: also call operations that can change data
    #[arg(long, requires = "against")]
    pub writes: bool,
    /// Check the exchanges in this recording (HAR 1.2): whether the crates send the same requests
    /// and can read the responses
    #[arg(long, value_name = "FILE", conflicts_with = "wire")]
    pub har: Option<PathBuf>,
    /// Print method, path, group and name of every operation, separated by tabs, instead of the
    /// table: the names of the coming grouped clients
    #[arg(long)]
    pub names: bool,
    /// Write the results to this file as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// The time limit of the pipeline for one document, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub limit: u64,
    /// Run this document alone, as a part of a whole run, and print its row
    #[arg(long, hide = true, value_name = "FILE")]
    pub only: Option<PathBuf>,
    /// Where the crates of that document are written, before their numbers
    #[arg(long, hide = true, value_name = "PREFIX")]
    pub crates: Option<PathBuf>,
    /// Call every operation of that document by this driver
    #[arg(long, hide = true, value_name = "NAME")]
    pub drive: Option<String>,
}

impl Arguments {
    /// Whether operations are called, for which drivers are generated.
    pub fn calls(&self) -> bool {
        self.wire || self.har.is_some() || self.against.is_some()
    }

    /// A run over a folder, with nothing beside the pipeline.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            paths: vec![folder.into()],
            compile: false,
            wire: false,
            record: None,
            dialect: None,
            against: None,
            key: None,
            writes: false,
            har: None,
            names: false,
            json: None,
            limit: 300,
            only: None,
            crates: None,
            drive: None,
        }
    }
}
