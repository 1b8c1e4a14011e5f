//! What `sixclicks.lock` is for: a check says why a crate is stale, another version of the
//! pipeline that makes the same code does not trouble anybody, and a crate whose document
//! stayed the same is not touched when another's changes.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    time::SystemTime,
};

fn document(api: &str, field: &str) -> String {
    format!(
        r#"{{"openapi": "3.0.1", "info": {{"title": "{api}", "version": "1"}}, "paths": {{
            "/{api}-api/v1/things": {{"get": {{"operationId": "listThings", "responses": {{"200": {{"description": "OK",
            "content": {{"application/json": {{"schema": {{"type": "object", "properties": {{"{field}": {{"type": "string"}}}}}}}}}}}}}}}}}}}}}}"#
    )
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path("documents")).unwrap();
        folder.write("documents/oak.json", &document("oak", "leaf"));
        folder.write("documents/elm.json", &document("elm", "leaf"));
        assert!(folder.generate(&[]).status.success());
        folder
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn write(&self, inside: &str, text: &str) {
        fs::write(self.path(inside), text).unwrap();
    }

    fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap()
    }

    fn generate(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("generate")
            .args(["--source".as_ref(), self.path("documents").as_os_str()])
            .args(["--out".as_ref(), self.path("out").as_os_str()])
            .args(more)
            .output()
            .expect("the program")
    }

    /// What a check complains of; nothing when all is well.
    fn check(&self) -> Vec<String> {
        let output = self.generate(&["--check"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), said.is_empty(), "{said}");
        let lines = said.lines().map(str::trim);
        lines
            .filter(|line| line.starts_with("stale: ") || line.starts_with("differs: "))
            .map(str::to_owned)
            .collect()
    }

    /// As if an older version of the pipeline had made what is there.
    fn made_by_another_pipeline(&self) {
        let lock: Vec<String> = self
            .read("out/sixclicks.lock")
            .lines()
            .map(|line| match line.starts_with("pipeline = ") {
                true => "pipeline = \"0.0.1+0123456789abcdef\"".to_owned(),
                false => line.to_owned(),
            })
            .collect();
        self.write("out/sixclicks.lock", &(lock.join("\n") + "\n"));
    }

    fn modified(&self, api: &str) -> Vec<SystemTime> {
        ["Cargo.toml", "README.md", "src/lib.rs", "src/types.rs"]
            .map(|file| self.path(&format!("out/sixclicks-{api}-api/{file}")))
            .map(|path| fs::metadata(path).unwrap().modified().unwrap())
            .to_vec()
    }
}

#[test]
fn another_pipeline_that_makes_the_same_is_no_reason_to_generate() {
    let folder = Folder::new();
    folder.made_by_another_pipeline();
    assert_eq!(folder.check(), [""; 0]);
}

#[test]
fn another_pipeline_that_makes_something_else_is_named_as_the_reason() {
    let folder = Folder::new();
    let lock = folder.read("out/sixclicks.lock");
    folder.made_by_another_pipeline();
    let types = "out/sixclicks-oak-api/src/types.rs";
    let new = folder.read(types);
    folder.write(types, &new.replace("leaf", "leaves"));
    let found = folder.check();
    assert!(
        found.contains(&"stale: sixclicks-oak-api: the pipeline is of another version".to_owned()),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|line| line.ends_with("oak-api/src/types.rs")),
        "{found:?}"
    );
    assert!(!found.iter().any(|line| line.contains("elm")), "{found:?}");
    assert!(folder.generate(&[]).status.success());
    assert_eq!(folder.read(types), new);
    assert_eq!(folder.read("out/sixclicks.lock"), lock);
    assert_eq!(folder.check(), [""; 0]);
}

#[test]
fn changed_options_are_named_as_the_reason() {
    let folder = Folder::new();
    folder.write("documents/sixclicks.toml", "product = \"Trees\"\n");
    let found = folder.check();
    for api in ["elm", "oak"] {
        let line = format!("stale: sixclicks-{api}-api: its options in the configuration changed");
        assert!(found.contains(&line), "{found:?}");
    }
}

#[test]
fn only_the_crate_whose_document_changed_is_written() {
    let folder = Folder::new();
    let (oak, elm) = (folder.modified("oak"), folder.modified("elm"));
    folder.write("documents/oak.json", &document("oak", "acorn"));
    assert!(folder.generate(&[]).status.success());
    assert_ne!(folder.modified("oak"), oak);
    assert_eq!(folder.modified("elm"), elm);
}
