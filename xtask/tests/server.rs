//! The generated crates against a server that was not written with them: ASP.NET Core, and
//! documents by its three writers. Every operation is called with all values and with the
//! required ones; the server reports what it bound, and the methods have to return what it
//! answered.
//!
//! The server is in a folder that is shared beside the repository, or that `SIXCLICKS_SHARED`
//! names; without it, the tests do nothing. One document of each writer is tried, with and
//! without the overlay in `server/overlays/`; `SIXCLICKS_DOCUMENTS=all` tries all of them.
//! `-- --nocapture` shows the table.

#[path = "server/cases.rs"]
mod cases;
#[path = "server/documents.rs"]
mod documents;
#[path = "server/judge.rs"]
mod judge;
#[path = "server/process.rs"]
mod process;
#[path = "server/subject.rs"]
mod subject;
#[path = "server/table.rs"]
mod table;

use std::{env, path::PathBuf};

use cases::Case;
use judge::Judge;
use process::{KEY, Server};
use subject::{Named, Program, Subject};
use table::Table;
use xtask::wire::{loopback::Loopback, process::Driver};

/// How many of the 43 operations are right at least.
const MINIMA: [(&str, bool, usize); 6] = [
    ("swashbuckle-3.0", false, 39),
    ("nswag-3.0", false, 38),
    ("microsoft-3.1", false, 39),
    ("swashbuckle-3.0", true, 43),
    ("nswag-3.0", true, 43),
    ("microsoft-3.1", true, 43),
];

/// The folder of the server, or a message that it is not there.
fn folder() -> Option<PathBuf> {
    let folder = process::folder();
    if folder.is_none() {
        eprintln!("skipped: there is no server in the shared folder");
    }
    folder
}

/// Whether all documents are tried.
fn wants_all() -> bool {
    env::var("SIXCLICKS_DOCUMENTS").is_ok_and(|which| which == "all")
}

#[test]
fn the_documents_behind_the_page_are_fetched() {
    if folder().is_some() {
        assert_eq!(documents::fetched(&[]).len(), 1);
        assert_eq!(documents::fetched(&["--split", "true"]).len(), 6);
    }
}

#[test]
fn documents_of_all_options_become_crates() {
    match folder() {
        Some(folder) if wants_all() => documents::of_all_options(&folder),
        _ => eprintln!("skipped: SIXCLICKS_DOCUMENTS is not `all`"),
    }
}

#[test]
fn operations_are_right_against_a_server() {
    let Some(folder) = folder() else { return };
    let mut wanted: Vec<Named> = MINIMA
        .iter()
        .map(|(name, corrected, _)| Named {
            name: (*name).to_owned(),
            corrected: *corrected,
        })
        .filter(|named| !named.corrected || subject::overlays().join(&named.name).exists())
        .collect();
    if wants_all() {
        for name in subject::all(&folder) {
            if !wanted.iter().any(|named| named.name == name) {
                wanted.push(Named {
                    name,
                    corrected: false,
                });
            }
        }
    }
    let program = Program::build(&folder, &wanted);
    let cases = cases::read();
    let mut table = Table::new(&cases);
    for subject in &program.subjects {
        table.add(&subject.named, results(&program, subject, &cases));
    }
    println!("{table}");
    for (name, corrected, least) in MINIMA {
        if let Some(right) = table.right(name, corrected) {
            assert!(
                right >= least,
                "{name}: {right} of {}\n{table}",
                cases.len()
            );
        }
    }
}

/// What comes of the operations of one document.
fn results(program: &Program, subject: &Subject, cases: &[Case]) -> Vec<Result<(), String>> {
    let text_enums = subject.named.name.contains("text-enums");
    let options: &[&str] = match text_enums {
        true => &["--enums-as-text", "true"],
        false => &[],
    };
    let server = Server::start(options);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let relay = Loopback::relay(runtime.handle(), Some(KEY), &server.url).expect("a relay");
    let driver = Driver::start(&program.path, &subject.driver, &relay.url(), relay.key());
    let mut judge = Judge {
        subject,
        driver: driver.expect("the driver"),
        relay: &relay,
        text_enums,
    };
    cases.iter().map(|case| judge.case(case)).collect()
}
