//! The workflows of the repository: that each step is a command that runs here as well, and
//! that what comes from outside is never made part of a command.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The workflows by their files' names.
fn workflows() -> Vec<(String, Value)> {
    let folder = root().join(".github/workflows");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let value = xtask::read::value(&path, fs::read(&path).unwrap());
            (name, value.unwrap())
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() >= 3, "ci, publish and regenerate");
    found
}

/// All steps, each with the workflow that it is in.
fn steps() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, workflow) in workflows() {
        for job in workflow["jobs"].as_object().unwrap().values() {
            for step in job["steps"].as_array().unwrap() {
                found.push((name.clone(), step.clone()));
            }
        }
    }
    found
}

/// The commands of all steps.
fn scripts() -> Vec<(String, String)> {
    let text = |step: &Value| step["run"].as_str().map(str::to_owned);
    steps()
        .into_iter()
        .filter_map(|(name, step)| Some((name, text(&step)?)))
        .collect()
}

/// Every call of a program in all steps, as its words.
fn calls(program: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (_, script) in scripts() {
        for command in script.split(['\n', ';']).flat_map(|line| line.split("&&")) {
            let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            if words.first().is_some_and(|word| word == program) {
                found.push(words);
            }
        }
    }
    found
}

#[test]
fn every_step_is_a_script_that_a_shell_takes() {
    for (name, script) in scripts() {
        let mut shell = Command::new("bash")
            .arg("-n")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = shell.stdin.take().unwrap();
        input.write_all(script.as_bytes()).unwrap();
        drop(input);
        let output = shell.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {script}\n{said}");
    }
}

#[test]
fn every_call_of_the_pipeline_names_a_command_and_options_that_it_has() {
    let calls: Vec<_> = calls("cargo")
        .into_iter()
        .filter(|words| words.get(1).is_some_and(|word| word == "xtask"))
        .collect();
    assert!(calls.len() >= 3, "{calls:?}");
    for words in calls {
        let help = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args([&words[2], "--help"])
            .output()
            .unwrap();
        assert!(help.status.success(), "{words:?}");
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(option.as_str()), "{words:?}: {option}");
        }
    }
}

#[cfg(unix)]
#[test]
fn every_script_of_the_repository_that_is_called_is_there_and_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let mut count = 0;
    for (name, script) in scripts() {
        for word in script
            .split_whitespace()
            .filter(|word| word.starts_with(".ci/"))
        {
            let about = fs::metadata(root().join(word));
            let mode = about.map(|about| about.permissions().mode());
            assert!(mode.is_ok_and(|mode| mode & 0o111 != 0), "{name}: {word}");
            count += 1;
        }
    }
    assert!(count >= 3);
}

#[test]
fn what_comes_from_outside_reaches_a_command_by_its_environment_alone() {
    for (name, script) in scripts() {
        assert!(!script.contains("${{"), "{name}: {script}");
    }
}

#[test]
fn every_workflow_says_what_it_may_do_and_which_version_of_what_it_uses() {
    for (name, workflow) in workflows() {
        assert!(workflow["permissions"].is_object(), "{name}");
    }
    for (name, step) in steps() {
        if let Some(action) = step["uses"].as_str() {
            let commit = action.split('@').nth(1).unwrap_or_default();
            let is_hash = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(is_hash, "{name}: {action} is not pinned to a commit");
        }
    }
}

/// F15: what a document makes of the crates must not find credentials beside it.
#[test]
fn no_checkout_leaves_credentials_behind() {
    let mut count = 0;
    for (name, step) in steps() {
        let action = step["uses"].as_str().unwrap_or_default();
        if action.starts_with("actions/checkout@") {
            assert_eq!(step["with"]["persist-credentials"], false, "{name}");
            count += 1;
        }
    }
    assert!(count >= 5, "{count}");
}

#[test]
fn a_job_with_credentials_builds_nothing() {
    let mut count = 0;
    for (name, workflow) in workflows() {
        assert_ne!(workflow["permissions"]["contents"], "write", "{name}");
        for (job, content) in workflow["jobs"].as_object().unwrap() {
            let has_token = content.to_string().contains("CARGO_REGISTRY_TOKEN");
            if !has_token && content["permissions"]["contents"] != "write" {
                continue;
            }
            count += 1;
            for step in content["steps"].as_array().unwrap() {
                let script = step["run"].as_str().unwrap_or_default();
                assert!(!script.contains("cargo "), "{name}, {job}: {script}");
                let publishes = script.contains(".ci/publish");
                assert!(
                    !publishes || script == ".ci/publish --no-verify",
                    "{script}"
                );
                assert!(
                    publishes || !script.contains(".ci/"),
                    "{name}, {job}: {script}"
                );
            }
        }
    }
    assert_eq!(count, 3, "publishing, and the two that propose changes");
}

#[test]
fn dependencies_are_checked_and_kept_new() {
    let checks = calls("cargo");
    assert!(checks.iter().any(|words| words[1..] == ["deny", "check"]));
    let path = root().join(".github/dependabot.yml");
    let dependabot = xtask::read::value(&path, fs::read(&path).unwrap()).unwrap();
    let updates = dependabot["updates"].as_array().unwrap();
    let mut kept: Vec<_> = updates
        .iter()
        .map(|update| &update["package-ecosystem"])
        .collect();
    kept.sort_by_key(|kind| kind.to_string());
    assert_eq!(kept, ["cargo", "github-actions"]);
}

#[cfg(unix)]
#[test]
fn only_the_crates_of_the_repository_are_published() {
    use std::os::unix::fs::PermissionsExt;
    let missing = Command::new("jq").arg("--version").output().is_err();
    if missing {
        eprintln!("skipped: jq is not installed");
        return;
    }
    // A cargo that knows no published version, and says what it is asked to publish.
    let folder = tempfile::tempdir().unwrap();
    let cargo = folder.path().join("cargo");
    let script = "#!/bin/sh\ncase $1 in\n  metadata) exec \"$CARGO\" \"$@\" ;;\n  info) exit 101 ;;\n  *) echo \"$@\" ;;\nesac\n";
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        folder.path().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new(root().join(".ci/publish"))
        .arg("--dry-run")
        .env("PATH", path)
        .env("CARGO", env!("CARGO"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    let published: Vec<&str> = said.split("--package ").skip(1).map(str::trim).collect();
    assert!(published.contains(&"sixclicks-core"), "{said}");
    for name in published {
        assert!(root().join("crates").join(name).is_dir(), "{name}: {said}");
    }
}

#[test]
fn the_manifest_of_a_crate_that_must_not_be_published_says_so() {
    let manifest = root().join("tests/sample/sample-catalog-api/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    assert!(manifest.contains("\npublish = false\n"), "{manifest}");
}

#[test]
fn crates_are_published_only_after_the_checks_and_a_trial() {
    let scripts: Vec<String> = scripts()
        .into_iter()
        .filter(|(name, _)| name == "publish.yml")
        .map(|(_, script)| script)
        .collect();
    let at = |wanted: &str| scripts.iter().position(|script| script == wanted);
    let order = [
        at(".ci/run"),
        at(".ci/publish --dry-run"),
        scripts
            .iter()
            .position(|script| script.contains("cargo xtask release")),
        at(".ci/publish --no-verify"),
    ];
    assert!(order.iter().all(Option::is_some), "{scripts:?}");
    assert!(order.is_sorted(), "{scripts:?}");
}
