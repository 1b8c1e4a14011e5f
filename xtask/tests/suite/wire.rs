//! `conformance --wire` over documents of ours: every operation is called through its
//! generated crate against a sandbox that checks by the document as it was received.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use sixclicks_sandbox::Dialect;
use xtask::{
    commands::conformance::compile,
    config::Config,
    emit::Place,
    model::Plan,
    pipeline::{Input, run},
    read, wire,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire")
}

/// A document as it was received, and what is generated from it.
fn planned(name: &str) -> (Value, Vec<Plan>) {
    let path = fixtures().join(name).display().to_string();
    let mut documents = read::read(&path, &read::ReadOptions::default()).expect(name);
    let value = documents.remove(0).value;
    let input = Input::new(name, path, value.clone());
    let crates = run(vec![input], &Config::default(), &Place::Workspace).expect(name);
    (value, crates.into_iter().map(|made| made.plan).collect())
}

/// One test, because there is one folder of programs: what is right passes, and what is
/// wrong is found.
#[test]
fn every_operation_works_on_the_wire_and_a_wrong_request_is_found_out() {
    let json = tempfile::NamedTempFile::new().expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("conformance")
        .arg(fixtures())
        .args(["--wire", "--json"])
        .arg(json.path())
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{told}");
    let outcome: Value =
        serde_json::from_slice(&fs::read(json.path()).expect("the result")).expect("JSON");
    let count = |name: &str| outcome["totals"][name].as_u64().expect(name);
    assert!(count("requests") >= 6 * count("operations"), "{said}");
    assert_eq!(count("requests_accepted"), count("requests"), "{said}");
    assert_eq!(count("responses_read"), count("responses"), "{said}");
    for document in outcome["documents"].as_array().expect("documents") {
        assert!(document["requests"].as_u64() > Some(0), "{document}");
    }

    // The same programs, against servers whose documents differ from those of the clients.
    let rows = outcome["documents"].as_array().expect("documents");
    for (name, changes, found) in [
        (
            "tasks.json",
            vec![
                (
                    "/paths/~1api~1tasks~1{id}/get/parameters/2/style",
                    "spaceDelimited".into(),
                ),
                (
                    "/components/schemas/Missing/properties/what/type",
                    "integer".into(),
                ),
            ],
            vec![
                "refused at query parameter `ids`/0",
                "is not of type \"integer\"",
            ],
        ),
        (
            "strict.yaml",
            vec![
                ("/components/schemas/Flag/enum/0", "yellow".into()),
                (
                    "/components/schemas/Ship/discriminator/mapping",
                    json!({"barge": "#/components/schemas/Ferry", "ferry": "#/components/schemas/Barge"}),
                ),
            ],
            vec![
                "what the document lists became an unknown value",
                "`Ferry` became `Barge`",
            ],
        ),
    ] {
        let (mut document, plans) = planned(name);
        for (place, value) in changes {
            *document.pointer_mut(place).expect(place) = value;
        }
        let at = rows.iter().position(|row| row["file"] == name);
        let driver = format!("d{}-wire", at.expect("its row"));
        let plans: Vec<&Plan> = plans.iter().collect();
        let documents = [(document, Dialect::Strict)];
        let traffic = wire::drive(&compile::program(), &driver, &documents, &plans, None);
        let traffic = traffic.expect("the driver");
        let failures = traffic.failures.join("\n");
        for found in found {
            assert!(failures.contains(found), "no `{found}` in\n{failures}");
        }
        assert!(traffic.responses_read < traffic.responses);
    }
}
