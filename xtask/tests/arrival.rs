//! The day the full document arrives, played in a copy of the repository: the made-up document of
//! `tests/sample/full.yaml` takes the place of `openapi/6clicks.json`, APIs appear and disappear,
//! responses become typed, and everything still compiles; then all of it is undone.
//!
//! The copy shares the target folder, so that only the crates of this repository are compiled
//! again. There, this test is skipped.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use xtask::read::{ReadOptions, read};

/// Set in the copy.
const COPY: &str = "SIXCLICKS_COPY";

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("the repository").to_owned()
}

/// Copies what belongs to the repository.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        if name == "target" || name == ".git" {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("a file");
        }
    }
}

/// All files below a folder with their text. The lock file appears without the version of the
/// pipeline: a pipeline that generates the same crates does not touch the lock file, so the
/// committed line may be an older one.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(inside).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_owned();
                let text = fs::read(&path).expect("a file");
                let text = match name.ends_with("sixclicks.lock") {
                    true => without_pipeline(&text),
                    false => text,
                };
                files.insert(name, text);
            }
        }
    }
    files
}

fn without_pipeline(lock: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(lock)
        .lines()
        .filter(|line| !line.starts_with("pipeline = "))
        .flat_map(|line| [line, "\n"])
        .collect::<String>()
        .into_bytes()
}

/// The program of this build. Cargo puts that of the copy in its place, which the tests after
/// this one must not run.
struct Program(Vec<(PathBuf, PathBuf)>);

impl Program {
    fn keep() -> Self {
        let own = PathBuf::from(env!("CARGO_BIN_EXE_xtask"));
        let aside = own.with_extension("kept");
        fs::copy(&own, &aside).expect("a copy of the program");
        Self(vec![(aside, own)])
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        for (aside, own) in &self.0 {
            let _ = fs::rename(aside, own);
        }
    }
}

struct Copy {
    folder: tempfile::TempDir,
    target: PathBuf,
}

impl Copy {
    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_NET_OFFLINE", "true")
            .env(COPY, "1")
            .output()
            .expect("cargo");
        assert!(
            output.status.success(),
            "cargo {}: {}{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// The names of the generated crates.
    fn crates(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("crates")).expect("the crates");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| name.ends_with("-api"))
            .collect();
        names.sort();
        names
    }
}

#[test]
fn the_full_document_arrives_and_leaves_again() {
    if std::env::var_os(COPY).is_some() {
        eprintln!("skipped: this is the copy that the test has made");
        return;
    }
    let _program = Program::keep();
    let copied = Copy {
        folder: tempfile::tempdir().expect("a folder"),
        target: PathBuf::from(env!("CARGO_BIN_EXE_xtask"))
            .ancestors()
            .nth(2)
            .expect("the target folder")
            .to_owned(),
    };
    copy(&root(), copied.folder.path());
    let generated = ["crates", "openapi"];
    let before = generated.map(|folder| snapshot(&copied.path(folder)));
    let published = copied.crates();

    // The document arrives.
    let full = root().join("tests/sample/full.yaml").display().to_string();
    let full = read(&full, &ReadOptions::default()).expect("the document");
    let document = copied.path("openapi/6clicks.json");
    let original = fs::read(&document).expect("the committed document");
    fs::write(&document, full[0].value.to_string()).expect("the document");
    let output = copied.cargo(&["xtask", "generate"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        printed.contains("no document describes these crates any more")
            && printed.contains("\n  sixclicks-controls-api"),
        "{printed}"
    );
    copied.cargo(&["xtask", "generate", "--check"]);
    copied.cargo(&["xtask", "generate", "--prune"]);
    copied.cargo(&["xtask", "generate", "--check", "--prune"]);
    let names = copied.crates();
    assert!(names.len() >= 10, "{names:?}");
    assert!(!names.contains(&"sixclicks-controls-api".to_owned()));
    let lock = fs::read_to_string(copied.path("openapi/sixclicks.lock")).expect("the lock file");
    assert!(!lock.contains("sixclicks-controls-api"), "{lock}");
    for name in &names {
        let text = |file: &str| {
            let path = copied.path(&format!("crates/{name}/{file}"));
            fs::read_to_string(path).expect("a generated file")
        };
        assert!(text("Cargo.toml").contains("version = \"0.1.0\""), "{name}");
        let changelog = text("CHANGELOG.md");
        assert_eq!(changelog.matches("\n## ").count(), 1, "{changelog}");
        assert!(changelog.contains("\n## Unreleased\n"), "{changelog}");
    }
    copied.cargo(&["check", "--quiet", "--workspace", "--all-targets"]);
    let packages = names.iter().flat_map(|name| ["--package", name]);
    let tests: Vec<&str> = ["test", "--quiet"].into_iter().chain(packages).collect();
    copied.cargo(&tests);

    // Nothing is left of any API, and the pipeline runs all the same.
    for name in copied.crates() {
        fs::remove_dir_all(copied.path("crates").join(name)).expect("a folder");
    }

    // And back again.
    fs::write(&document, original).expect("the document");
    copied.cargo(&["xtask", "generate", "--prune"]);
    copied.cargo(&["xtask", "generate", "--check", "--prune"]);
    assert_eq!(copied.crates(), published);
    let after = generated.map(|folder| snapshot(&copied.path(folder)));
    for (before, after) in before.iter().zip(&after) {
        for (name, text) in before {
            assert!(after.get(name) == Some(text), "{} differs", name.display());
        }
        assert_eq!(before.len(), after.len());
    }
}
