//! A program that holds the generated types of many documents: it reads instances as the
//! types and writes them again. One workspace, a crate for each document.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

/// One document's types, and the type of each of its schemas.
pub struct Types {
    pub source: String,
    pub of_schemas: Vec<String>,
}

fn root() -> PathBuf {
    xtask::commands::root()
}

/// Writes and builds the program, offline and with this workspace's versions. Programs share
/// a target folder, where cargo tells packages apart by name: each has names of its own.
pub fn build(name: &str, documents: &[Types]) -> PathBuf {
    let folder = root().join("target/roundtrip").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the old program");
    }
    let core = root().join("crates/sixclicks-core");
    let libraries = format!(
        "serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = {{ version = \"1\", features = [\"preserve_order\"] }}\nuuid = {{ version = \"1\", features = [\"serde\"] }}\nsixclicks-core = {{ path = {core:?} }}\n"
    );
    let package = |name: &str| {
        format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{libraries}"
        )
    };
    let mut own = String::new();
    let mut arms = String::new();
    for (index, types) in documents.iter().enumerate() {
        let at = folder.join(format!("d{index}"));
        let arms_of_types: String = types
            .of_schemas
            .iter()
            .enumerate()
            .map(|(index, name)| format!("        {index} => back::<{name}>(text),\n"))
            .collect();
        write(
            &at.join("Cargo.toml"),
            &package(&format!("{name}-d{index}")),
        );
        write(&at.join("src/types.rs"), &types.source);
        write(
            &at.join("src/lib.rs"),
            &format!(
                "pub mod types;\npub fn again(schema: u64, text: &str) -> Result<String, String> {{\n    match schema {{\n{arms_of_types}        _ => Err(\"no such schema\".into()),\n    }}\n}}\n\n\
                 #[allow(dead_code)]\nfn back<T: serde::de::DeserializeOwned + serde::Serialize + std::fmt::Debug>(text: &str) -> Result<String, String> {{\n    let value: T = serde_json::from_str(text).map_err(|e| e.to_string())?;\n    let variant: String = format!(\"{{value:?}}\").chars().take_while(|c| c.is_alphanumeric()).collect();\n    let text = serde_json::to_string(&value).map_err(|e| e.to_string())?;\n    Ok(format!(\"{{variant}} {{text}}\"))\n}}\n"
            ),
        );
        own += &format!("d{index} = {{ path = \"d{index}\", package = \"{name}-d{index}\" }}\n");
        arms += &format!("            {index} => d{index}::again(schema, text),\n");
    }
    let members =
        "\n[workspace]\nmembers = [\"d*\"]\n\n[profile.dev]\ndebug = false\nincremental = false\n";
    write(
        &folder.join("Cargo.toml"),
        &(package(&format!("{name}-driver")) + &own + members),
    );
    write(
        &folder.join("src/main.rs"),
        &format!(
            "fn main() {{\n    for line in std::io::stdin().lines() {{\n        let line = line.expect(\"a line\");\n        let mut parts = line.splitn(3, ' ');\n        let mut number = || parts.next().and_then(|n| n.parse::<u64>().ok()).expect(\"a number\");\n        let (document, schema) = (number(), number());\n        let text = parts.next().expect(\"an instance\");\n        let again = match document {{\n{arms}            _ => Err(\"no such document\".into()),\n        }};\n        match again {{\n            Ok(text) => println!(\"+{{text}}\"),\n            Err(error) => println!(\"-{{}}\", error.replace('\\n', \" \")),\n        }}\n    }}\n}}\n"
        ),
    );
    let _ = fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"));
    let target = xtask::commands::conformance::compile::target();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--offline", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let program = folder.join(format!("driver{}", std::env::consts::EXE_SUFFIX));
    fs::copy(
        target.join(format!(
            "debug/{name}-driver{}",
            std::env::consts::EXE_SUFFIX
        )),
        &program,
    )
    .expect("the program");
    program
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// What an instance became.
pub struct Back {
    /// The variant, where its type is an enum.
    pub variant: String,
    /// What was written again.
    pub value: Value,
}

/// Sends instances through the program: each comes back, or why it could not be read.
pub fn run(program: &Path, instances: &[(usize, usize, Value)]) -> Vec<Result<Back, String>> {
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut input = child.stdin.take().expect("its input");
    let lines: String = instances
        .iter()
        .map(|(d, s, value)| format!("{d} {s} {value}\n"))
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("its output");
    writer.join().expect("no panic").expect("all was written");
    let back: Vec<Result<Back, String>> = String::from_utf8(output.stdout)
        .expect("text")
        .lines()
        .map(|line| match line.split_at(1) {
            ("+", line) => {
                let (variant, text) = line.split_once(' ').expect("a variant and a value");
                let value = serde_json::from_str(text).map_err(|error| error.to_string());
                let variant = variant.to_owned();
                value.map(|value| Back { variant, value })
            }
            (_, error) => Err(error.to_owned()),
        })
        .collect();
    assert_eq!(back.len(), instances.len(), "the program answers each");
    back
}

/// Whether what came back means the same in the document's sense. What is normalised: a
/// number is the same however it is written (`1` and `1.0`), and a property that was
/// `null` may be left out. All texts, dates and decimals among them, are kept to the
/// letter.
pub fn same(sent: &Value, back: &Value) -> bool {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) => {
            sent.iter().all(|(name, value)| match back.get(name) {
                Some(other) => same(value, other),
                None => value.is_null(),
            }) && back.keys().all(|name| sent.contains_key(name))
        }
        (Value::Array(sent), Value::Array(back)) => {
            sent.len() == back.len() && sent.iter().zip(back).all(|(sent, back)| same(sent, back))
        }
        (Value::Number(sent), Value::Number(back)) => {
            sent == back || sent.as_f64() == back.as_f64()
        }
        (sent, back) => sent == back,
    }
}

/// An operation whose body is the schema, which tells what its type is called.
pub fn operation(index: usize, name: &str) -> Value {
    let reference = format!("#/components/schemas/{}", super::schema::escaped(name));
    json!({"post": {"operationId": format!("roundtrip{index}"), "requestBody": {"required": true,
        "content": {"application/json": {"schema": {"$ref": reference}}}}, "responses": {"204": {"description": ""}}}})
}
