//! `cargo xtask bench`: runs the benchmarks and shows what they found as a table.

use std::process::{Command, Stdio};

use serde::Deserialize;

use super::{Failure, root};

/// The packages with benchmarks and their folders. The pipeline's benchmark is in its own package,
/// so that the others build without it.
const PACKAGES: [(&str, &str); 2] = [
    ("sixclicks-benches", "benches/benches"),
    ("xtask", "xtask/benches"),
];

/// The arguments of `bench`.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The benchmarks to run, by the names of their files (default: all)
    pub names: Vec<String>,
}

/// One measurement, which a benchmark prints as a line of JSON.
#[derive(Debug, Deserialize)]
struct Line {
    name: String,
    a: Option<Side>,
    b: Option<Side>,
    value: f64,
    unit: String,
    bound: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Side {
    name: String,
    seconds: f64,
}

/// Runs the command.
///
/// # Errors
///
/// Fails if a benchmark does not exist or stops early, or if a bound does not hold.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let names = &arguments.names;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["bench", "--quiet"])
        .current_dir(root())
        .stderr(Stdio::inherit());
    for (package, folder) in PACKAGES {
        let has = |name: &String| root().join(folder).join(format!("{name}.rs")).is_file();
        if names.is_empty() || names.iter().any(has) {
            cargo.args(["--package", package]);
        }
    }
    if names.is_empty() {
        cargo.arg("--benches");
    }
    for name in names {
        cargo.args(["--bench", name]);
    }
    let output = cargo
        .output()
        .map_err(|error| Failure::Input(format!("cannot run cargo: {error}")))?;
    let lines: Vec<Line> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    print!("{}", table(&lines));
    if !output.status.success() {
        return Err(Failure::Input(
            "a benchmark failed; cargo's output above has the reason".into(),
        ));
    }
    let over = lines.iter().filter(|line| line.holds() == Some(false));
    match over.count() {
        0 => Ok(()),
        1 => Err(Failure::Check("1 bound does not hold".to_owned())),
        count => Err(Failure::Check(format!("{count} bounds do not hold"))),
    }
}

impl Line {
    fn holds(&self) -> Option<bool> {
        self.bound.map(|bound| self.value <= bound)
    }
}

fn table(lines: &[Line]) -> String {
    let mut out = String::from(
        "| what | A | B | A to B, or figure | at most | holds |\n|---|---|---|---|---|---|\n",
    );
    let side = |side: &Option<Side>| {
        side.as_ref().map_or(String::new(), |side| {
            format!("{} {}", side.name, duration(side.seconds))
        })
    };
    for line in lines {
        let figure = |value: f64| match line.unit.as_str() {
            "×" => format!("{value:.2}"),
            unit => format!("{value:.1} {unit}"),
        };
        out += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            line.name,
            side(&line.a),
            side(&line.b),
            figure(line.value),
            line.bound.map(figure).unwrap_or_default(),
            match line.holds() {
                Some(true) => "yes",
                Some(false) => "**no**",
                None => "",
            },
        );
    }
    out
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.1} ms", s * 1e3),
        s if s >= 1e-6 => format!("{:.1} µs", s * 1e6),
        s => format!("{:.0} ns", s * 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_which_bounds_hold() {
        let lines: Vec<Line> = [
            r#"{"name":"read","a":{"name":"ours","seconds":0.0021},"b":{"name":"serde","seconds":2e-6},"value":1.02,"unit":"×","bound":1.05}"#,
            r#"{"name":"send","a":null,"b":null,"value":40.0,"unit":"MiB","bound":32.0}"#,
            r#"{"name":"wait","a":null,"b":null,"value":2.5,"unit":"s","bound":null}"#,
        ]
        .into_iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
        let table = table(&lines);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| read | ours 2.1 ms | serde 2.0 µs | 1.02 | 1.05 | yes |",
                "| send |  |  | 40.0 MiB | 32.0 MiB | **no** |",
                "| wait |  |  | 2.5 s |  |  |",
            ]
        );
    }
}
