//! The manifest of a generated crate: it depends on what its code uses, and no more.

use std::fmt::Write as _;

use super::{CrateOptions, MARK, Place};

/// Crates that generated code may use, with what a crate outside this workspace asks for.
const LIBRARIES: [(&str, &str); 4] = [
    (
        "reqwest",
        r#"{ version = "0.13.5", default-features = false }"#,
    ),
    ("serde", r#"{ version = "1", features = ["derive"] }"#),
    ("serde_json", r#""1""#),
    ("uuid", r#"{ version = "1", features = ["serde"] }"#),
];

/// The manifest; `used` tells whether the code names a crate.
pub fn manifest(options: &CrateOptions, used: &dyn Fn(&str) -> bool) -> String {
    let mut out = format!(
        "# {MARK}\n[package]\nname = \"{}\"\ndescription = \"{}\"\nversion = \"{}\"\n",
        options.name,
        description(&options.product),
        options.version,
    );
    out += match options.place {
        Place::Workspace => {
            "edition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\ncategories.workspace = true\nkeywords.workspace = true\n"
        }
        Place::Elsewhere(_) => {
            "edition = \"2024\"\nrust-version = \"1.90\"\nlicense = \"MIT OR Apache-2.0\"\n"
        }
    };
    if !options.publish {
        out += "publish = false\n";
    }
    out += "readme = \"README.md\"\n\n[package.metadata.docs.rs]\nall-features = true\n\n[dependencies]\n";
    for (library, elsewhere) in LIBRARIES {
        if !used(library) {
            continue;
        }
        match (&options.place, elsewhere) {
            (Place::Workspace, _) => {
                let _ = writeln!(out, "{library}.workspace = true");
            }
            (Place::Elsewhere(_), version) => {
                let _ = writeln!(out, "{library} = {version}");
            }
        }
    }
    out += &match &options.session.dependency {
        Some(dependency) => format!("{} = {dependency}\n", options.session.package),
        None => own(options, &options.session.package),
    };
    out += &own(options, "sixclicks-core");
    out
}

fn own(options: &CrateOptions, name: &str) -> String {
    match &options.place {
        Place::Workspace => format!("{name}.workspace = true\n"),
        Place::Elsewhere(path) => {
            let path = path.join(name);
            let path = path.to_string_lossy().replace('\\', "/");
            format!("{name} = {{ path = {path:?}, version = \"0.1.0\" }}\n")
        }
    }
}

fn description(product: &str) -> String {
    let text: String = product
        .chars()
        .map(|c| {
            if c == '"' || c == '\\' || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    format!("Client for {}", text.trim())
}
