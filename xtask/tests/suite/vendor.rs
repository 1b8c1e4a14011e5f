//! Another vendor, made up: names, the rule for APIs, the session type and corrections all
//! come from the configuration, and the crate compiles with that session.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use xtask::config::Config;

const DOCUMENT: &str = r##"{"openapi": "3.0.1", "info": {"title": "Acorn", "version": "1"}, "paths": {
    "/stock-service/v1/nuts": {"get": {"operationId": "listNuts", "responses": {"200": {"description": "OK", "content": {
        "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Nut"}}}}}}}}},
    "components": {"schemas": {"Nut": {"type": "object", "properties": {"name": {"type": "string"}}}}}}"##;

const CONFIG: &str = r#"crate_prefix = "acorn"
product = "Acorn"
[api]
suffix = "-service"
[session]
package = "acorn-login"
dependency = '{ path = "../acorn-login" }'
type = "acorn_login::Login"
"#;

const LOGIN: &str = r#"
#[derive(Clone, Debug)]
pub struct Login { client: reqwest::Client }
impl Login {
    pub fn base_url(&self) -> &str { "https://acorn.example" }
    pub fn http_client(&self) -> &reqwest::Client { &self.client }
    pub async fn execute(&self, request: reqwest::Request, operation: &'static str)
        -> Result<reqwest::Response, sixclicks_core::Error> {
        let _ = (request, operation);
        Err(sixclicks_core::Error::invalid_request(operation, "nobody is there".to_owned()))
    }
}
"#;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .expect("the program")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

struct Vendor(tempfile::TempDir);

impl Vendor {
    fn new() -> Self {
        let vendor = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(vendor.path("documents/overlays")).unwrap();
        fs::write(vendor.path("documents/acorn.json"), DOCUMENT).unwrap();
        fs::write(vendor.path("acorn.toml"), CONFIG).unwrap();
        vendor
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn generate(&self, more: &[&str]) -> Output {
        let path = |inside: &str| self.path(inside).display().to_string();
        let (source, out, config) = (path("documents"), path("out"), path("acorn.toml"));
        let own = [
            "generate", "--source", &source, "--out", &out, "--config", &config,
        ];
        xtask(&[&own[..], more].concat())
    }

    fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path("out/acorn-stock-api").join(inside)).unwrap()
    }
}

#[test]
fn a_crate_of_another_vendor_compiles_with_its_session() {
    let vendor = Vendor::new();
    let output = vendor.generate(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let login = vendor.path("out/acorn-login");
    fs::create_dir_all(login.join("src")).unwrap();
    fs::write(login.join("src/lib.rs"), LOGIN).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let core = root.join("crates/sixclicks-core");
    fs::write(
        login.join("Cargo.toml"),
        format!("[package]\nname = \"acorn-login\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nreqwest = {{ version = \"0.13.5\", default-features = false }}\nsixclicks-core = {{ path = {core:?} }}\n"),
    )
    .unwrap();
    fs::copy(root.join("Cargo.lock"), vendor.path("out/Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--offline",
            "--package",
            "acorn-stock-api",
        ])
        .current_dir(vendor.path("out"))
        .env("CARGO_TARGET_DIR", root.join("target/conformance-target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!vendor.read("README.md").contains("6clicks"));
}

/// The document with one field more, and with one less.
fn changed(fields: &str) -> String {
    DOCUMENT.replace(r#""name": {"type": "string"}"#, fields)
}

const BOTH: &str = r#""name": {"type": "string"}, "size": {"type": "string"}"#;

impl Vendor {
    fn release(&self) -> Output {
        xtask(&["release", "--out", &self.path("out").display().to_string()])
    }

    fn has_version(&self, version: &str) {
        let line = format!("version = {version:?}");
        assert!(self.read("Cargo.toml").contains(&line), "{version}");
        let lock = fs::read_to_string(self.path("out/sixclicks.lock")).unwrap();
        assert!(lock.contains(&format!("\n{line}\n")), "{lock}");
    }
}

#[test]
fn until_the_first_release_the_version_stays_and_one_section_is_unreleased() {
    let vendor = Vendor::new();
    assert!(vendor.generate(&[]).status.success());
    let first = vendor.read("CHANGELOG.md");
    assert_eq!(
        first,
        "# Changelog\n\n## Unreleased\n\nThe first version.\n"
    );
    let document = vendor.path("documents/acorn.json");
    for fields in [BOTH, r#""other": {"type": "integer"}"#, BOTH] {
        fs::write(&document, changed(fields)).unwrap();
        assert!(vendor.generate(&[]).status.success());
        vendor.has_version("0.1.0");
        assert_eq!(vendor.read("CHANGELOG.md"), first);
        assert!(vendor.generate(&["--check"]).status.success());
    }
    assert!(
        !vendor
            .path("out/acorn-stock-api/api.released.json")
            .exists()
    );
}

#[test]
fn after_a_release_the_version_follows_from_what_changed_since() {
    let vendor = Vendor::new();
    assert!(vendor.generate(&[]).status.success());
    let output = vendor.release();
    assert!(output.status.success(), "{}", said(&output));
    let lock = fs::read_to_string(vendor.path("out/sixclicks.lock")).unwrap();
    assert!(lock.contains("released = \"0.1.0\""), "{lock}");
    let released = vendor.read("CHANGELOG.md");
    assert_eq!(released, "# Changelog\n\n## 0.1.0\n\nThe first version.\n");
    assert!(vendor.generate(&["--check"]).status.success());
    let again = vendor.release();
    assert!(again.status.success(), "{}", said(&again));
    assert_eq!(vendor.read("CHANGELOG.md"), released);

    let document = vendor.path("documents/acorn.json");
    fs::write(&document, changed(BOTH)).unwrap();
    let output = vendor.generate(&["--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("stale: acorn-stock-api: its document changed"),
        "{}",
        said(&output)
    );
    assert!(vendor.generate(&[]).status.success());
    vendor.has_version("0.1.1");
    let text = vendor.read("CHANGELOG.md");
    assert!(text.starts_with("# Changelog\n\n## Unreleased\n"), "{text}");
    assert!(text.contains("field `Nut::size` added"), "{text}");
    assert!(text.ends_with("## 0.1.0\n\nThe first version.\n"), "{text}");
    assert!(vendor.generate(&["--check"]).status.success());

    // Something else instead: it counts what differs from the release, not from the last run.
    fs::write(&document, changed(r#""weight": {"type": "string"}"#)).unwrap();
    assert!(vendor.generate(&[]).status.success());
    vendor.has_version("0.2.0");
    let text = vendor.read("CHANGELOG.md");
    assert!(
        !text.contains("Nut::size") && text.contains("Nut::weight") && text.contains("Nut::name"),
        "{text}"
    );
    assert_eq!(text.matches("## Unreleased").count(), 1, "{text}");

    // And back: nothing has changed since the release.
    fs::write(&document, DOCUMENT).unwrap();
    assert!(vendor.generate(&[]).status.success());
    vendor.has_version("0.1.0");
    assert_eq!(vendor.read("CHANGELOG.md"), released);
}

#[test]
fn a_breaking_change_under_a_compatible_version_is_refused_unless_allowed() {
    let vendor = Vendor::new();
    let document = vendor.path("documents/acorn.json");
    fs::write(&document, changed(BOTH)).unwrap();
    assert!(vendor.generate(&[]).status.success());
    assert!(vendor.release().status.success());
    let config = format!("{CONFIG}[versions]\nacorn-stock-api = \"0.1.2\"\n");
    fs::write(vendor.path("acorn.toml"), config).unwrap();
    fs::write(&document, DOCUMENT).unwrap();
    let output = vendor.generate(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("Nut::size") && said(&output).contains("0.2.0"),
        "{}",
        said(&output)
    );
    vendor.has_version("0.1.0");
    assert!(vendor.generate(&["--allow-breaking"]).status.success());
    vendor.has_version("0.1.2");
    assert!(
        vendor
            .generate(&["--check", "--allow-breaking"])
            .status
            .success()
    );
}

#[test]
fn an_overlay_corrects_the_document_and_one_that_matches_nothing_is_named() {
    let vendor = Vendor::new();
    let overlay = vendor.path("documents/overlays/size.yaml");
    let text = "overlay: 1.0.0\ninfo: {title: Sizes, version: '1'}\nactions:\n  - target: $.components.schemas.Nut.properties\n    update: {size: {type: integer, format: int32}}\n";
    fs::write(&overlay, text).unwrap();
    assert!(vendor.generate(&[]).status.success());
    assert!(
        vendor
            .read("src/types.rs")
            .contains("pub size: Option<i32>")
    );
    fs::write(
        &overlay,
        format!("{text}  - target: $.paths['/gone']\n    remove: true\n"),
    )
    .unwrap();
    let output = vendor.generate(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("size.yaml:6: ") && said(&output).contains("/gone"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_wrong_key_is_named_with_its_line_and_the_nearest_right_one() {
    let vendor = Vendor::new();
    fs::write(
        vendor.path("acorn.toml"),
        "product = \"Acorn\"\ncrate_prefx = \"acorn\"\n",
    )
    .unwrap();
    let output = vendor.generate(&[]);
    assert_eq!(output.status.code(), Some(2));
    let message = said(&output);
    assert!(
        message.contains("line 2") && message.contains("did you mean `crate_prefix`?"),
        "{message}"
    );
}

#[test]
fn the_configurations_schema_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/sixclicks.schema.json");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, Config::schema()).unwrap();
    }
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        Config::schema(),
        "run with BLESS=1 and commit it"
    );
}
