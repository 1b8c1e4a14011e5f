//! `conformance --wire` over documents of ours: every operation is called through its
//! generated crate against a sandbox that checks by the document as it was received.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use xtask::{
    commands::conformance::compile,
    config::Config,
    emit::Place,
    generate::Plan,
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

    // The same program, against a server whose document differs in two places.
    let (mut document, plans) = planned("tasks.json");
    let parameter = "/paths/~1api~1tasks~1{id}/get/parameters/2/style";
    *document.pointer_mut(parameter).expect("a style") = "spaceDelimited".into();
    let field = "/components/schemas/Missing/properties/what/type";
    *document.pointer_mut(field).expect("a type") = "integer".into();
    let rows = outcome["documents"].as_array().expect("documents");
    let at = rows.iter().position(|row| row["file"] == "tasks.json");
    let driver = format!("d{}-wire", at.expect("its row"));
    let plans: Vec<&Plan> = plans.iter().collect();
    let traffic =
        wire::drive(&compile::program(), &driver, &[document], &plans, None).expect("the driver");
    let failures = traffic.failures.join("\n");
    for found in [
        "refused at query parameter `ids`/0",
        "is not of type \"integer\"",
        "the failure has no type",
    ] {
        assert!(failures.contains(found), "no `{found}` in\n{failures}");
    }
    assert!(traffic.requests_accepted < traffic.requests);
    assert!(traffic.responses_read < traffic.responses);
}
