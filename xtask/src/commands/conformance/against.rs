//! The calling of a running server, over the documents of all rows.

use std::collections::HashMap;

use sixclicks_sandbox::Document;
use url::Url;

use super::{
    Arguments, compile,
    row::{self, Row},
};
use crate::{
    commands::Failure,
    model::Plan,
    wire::{
        Traffic,
        against::{self, Server},
    },
};

/// Calls a server by the drivers of the rows, and fills in what came of it.
///
/// # Errors
///
/// If the URL is none, or a driver cannot be started.
pub fn drive(
    url: &str,
    arguments: &Arguments,
    rows: &mut [Row],
    drivers: &HashMap<usize, Result<String, String>>,
) -> Result<(), Failure> {
    let is_http = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_http {
        return Err(Failure::Input(format!(
            "{url} is not the URL of a server, such as https://api.example.com"
        )));
    }
    let key = arguments.key.clone();
    let key = key.or_else(|| std::env::var("SIXCLICKS_API_KEY").ok());
    let key = key.filter(|key| !key.trim().is_empty());
    let server = Server {
        url,
        key: key.as_deref(),
        writes: arguments.writes,
    };
    for (index, row) in rows.iter_mut().enumerate() {
        row.traffic = match drivers.get(&index) {
            None => None,
            Some(Err(error)) => Some(Traffic::failed(error.clone())),
            Some(Ok(driver)) => {
                let made = row::again(&row.file, arguments.dialect)?;
                // What is known to be wrong of a document must not decide what is sent.
                let documents: Vec<Document> =
                    made.corrected().into_iter().map(Document::new).collect();
                let plans: Vec<&Plan> = made.crates.iter().map(|made| &made.plan).collect();
                let program = compile::program();
                Some(against::drive(
                    &program, driver, &documents, &plans, server,
                )?)
            }
        };
    }
    Ok(())
}
