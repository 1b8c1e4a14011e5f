//! How many packages a consumer of a generated crate compiles.

use std::{fs, path::Path, process::Command};

/// The most that a consumer may need, itself included.
const MOST: usize = 110;

/// The packages that a program needs which uses a generated crate as the README says.
fn packages() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = format!(
        r#"
        [package]
        name = "consumer"
        version = "0.1.0"
        edition = "2024"
        [workspace]
        [dependencies]
        sample-controls-api = {{ path = '{root}/tests/sample/sample-controls-api' }}
        sixclicks-auth = {{ path = '{root}/crates/sixclicks-auth' }}
        tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
        uuid = {{ version = "1", features = ["serde"] }}
        "#,
        root = root.display(),
    );
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}").unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    // The versions that the workspace was built with, so that nothing is downloaded.
    fs::copy(root.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p}"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut packages: Vec<_> = listed.lines().map(str::to_owned).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

#[test]
fn a_plain_consumer_needs_few_packages() {
    let packages = packages();
    let has = |name: &str| packages.iter().any(|package| package.starts_with(name));
    assert!(has("consumer ") && has("h2 ") && has("rustls "));
    assert!(!has("p12-keystore ") && !has("pkcs8 "));
    let count = packages.len();
    assert!(count <= MOST, "{count} packages:\n{}", packages.join("\n"));
}
