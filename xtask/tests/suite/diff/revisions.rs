//! `cargo xtask diff` between git revisions, folders and files: what it compares, what it
//! says in each form, and the code it exits with.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

const DOCUMENT: &str = r#"{"openapi": "3.0.1", "info": {"title": "Nuts", "version": "1"}, "paths": {
    "/nuts": {"get": {"operationId": "listNuts", "parameters": [{"name": "size", "in": "query", "schema": {"type": "string"}}],
        "responses": {"204": {"description": "Done"}}}}}}"#;
const CONFIG: &str = "crate_prefix = \"acorn\"\n";
const LOCK: &str =
    "[acorn-nuts-api]\nversion = \"0.4.2\"\ndocument = \"\"\npipeline = \"\"\noptions = \"\"\n";

/// A repository with documents, whose first commit is told by a tag.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet"]);
        fs::create_dir(repository.path().join("openapi")).unwrap();
        repository.write("nuts.json", DOCUMENT);
        repository.write("sixclicks.toml", CONFIG);
        repository.write("sixclicks.lock", LOCK);
        repository.commit();
        repository.git(&["tag", "first"]);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join("openapi").join(name), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .current_dir(self.path())
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "Documents"]);
    }

    fn diff(&self, old: &str, new: &str, format: &str) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .current_dir(self.path())
            .args(["diff", old, new, "--format", format])
            .output()
            .unwrap();
        (output.status.code(), said(&output))
    }
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]]
        .map(String::from_utf8_lossy)
        .concat()
}

/// The document with another name for its operation, which breaks, or with one operation
/// more, which does not.
fn changed(breaking: bool) -> String {
    if breaking {
        return DOCUMENT.replace("listNuts", "allNuts");
    }
    DOCUMENT.replace(
        r#""/nuts": {"#,
        r#""/nuts": {"delete": {"operationId": "clearNuts", "responses": {"204": {"description": "Done"}}}, "#,
    )
}

#[test]
fn a_revision_is_compared_with_another_or_with_what_is_on_disk() {
    let repository = Repository::new();
    let nothing = "acorn-nuts-api: 0.4.2, unchanged\n";
    for (old, new) in [
        ("first", "openapi"),
        ("HEAD", "HEAD"),
        ("HEAD:openapi", "openapi"),
    ] {
        let outcome = repository.diff(old, new, "text");
        assert_eq!(outcome, (Some(0), nothing.to_owned()), "{old} {new}");
    }

    repository.write("nuts.json", &changed(false));
    let (code, text) = repository.diff("HEAD", "openapi", "text");
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.ends_with("acorn-nuts-api: 0.4.2 → 0.4.3 (compatible)\n"),
        "{text}"
    );

    repository.write("nuts.json", &changed(true));
    repository.commit();
    for (old, new) in [
        ("first", "HEAD"),
        ("HEAD~1", "openapi"),
        ("first", "openapi"),
    ] {
        let (code, text) = repository.diff(old, new, "text");
        assert_eq!(code, Some(3), "{old} {new}: {text}");
        assert!(
            text.ends_with("acorn-nuts-api: 0.4.2 → 0.5.0 (breaking)\n"),
            "{text}"
        );
    }
}

#[test]
fn one_file_of_a_revision_is_enough_and_its_versions_are_found_beside_it() {
    let repository = Repository::new();
    repository.write("nuts.json", &changed(true));
    let config = ["--config", "openapi/sixclicks.toml"];
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(repository.path())
        .args(["diff", "HEAD:openapi/nuts.json", "openapi/nuts.json"])
        .args(config)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("0.4.2 → 0.5.0"), "{}", said(&output));
}

#[test]
fn a_crate_that_was_never_released_keeps_its_version() {
    let repository = Repository::new();
    repository.write("sixclicks.lock", &LOCK.replace("0.4.2", "0.1.0"));
    repository.commit();
    repository.write("nuts.json", &changed(true));
    let (code, text) = repository.diff("HEAD", "openapi", "text");
    assert_eq!(code, Some(3), "{text}");
    assert!(
        text.contains("acorn-nuts-api: 0.1.0, not released yet (breaking)"),
        "{text}"
    );
}

#[test]
fn changes_since_a_release_share_one_raise_of_the_version() {
    let repository = Repository::new();
    let lock = LOCK.replace("\ndocument", "\nreleased = \"0.3.9\"\ndocument");
    repository.write("sixclicks.lock", &lock.replace("0.4.2", "0.4.0"));
    repository.commit();
    repository.write("nuts.json", &changed(true));
    let (code, text) = repository.diff("HEAD", "openapi", "json");
    assert_eq!(code, Some(3), "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["crates"][0]["from"], "0.4.0");
    assert_eq!(told["crates"][0]["to"], "0.4.0");
}

#[test]
fn a_pull_request_gets_a_table_and_lists() {
    let repository = Repository::new();
    repository.write("nuts.json", &changed(true));
    let (code, text) = repository.diff("HEAD", "openapi", "markdown");
    assert_eq!(code, Some(3), "{text}");
    let expected = "\
| crate | version | breaking | compatible |
|---|---|---|---|
| `acorn-nuts-api` | 0.4.2 → 0.5.0 (breaking) | 1 | 0 |

## acorn-nuts-api

### Breaking

- operation `list_nuts` renamed: now `all_nuts`, for `GET /nuts`
";
    assert_eq!(text, expected);
}

#[test]
fn scripts_get_json() {
    let repository = Repository::new();
    repository.write("nuts.json", &changed(false));
    let (code, text) = repository.diff("HEAD", "openapi", "json");
    assert_eq!(code, Some(1), "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["verdict"], "compatible");
    assert_eq!(told["crates"][0]["from"], "0.4.2");
    assert_eq!(told["crates"][0]["to"], "0.4.3");
    assert_eq!(told["crates"][0]["changes"][0]["name"], "clear_nuts");
}

#[test]
fn what_is_no_revision_is_told_with_code_2() {
    let repository = Repository::new();
    for (old, why) in [
        ("no-such-thing", "no file, folder or git revision"),
        ("HEAD:elsewhere", "there is no `elsewhere` in `HEAD`"),
        ("-x", "error"),
        (
            "HEAD:openapi/sixclicks.toml",
            "HEAD:openapi/sixclicks.toml: ",
        ),
    ] {
        let (code, text) = repository.diff(old, "openapi", "text");
        assert_eq!(code, Some(2), "{old}: {text}");
        assert!(text.contains(why), "{old}: {text}");
    }
}
