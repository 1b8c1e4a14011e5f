//! Files of cases, each with what is written down as expected of it.

use std::{fs, path::Path};

use serde_json::Value;

/// The cases that were looked at.
#[derive(Default)]
pub struct Cases {
    seen: usize,
    wrong: Vec<String>,
}

impl Cases {
    /// Holds what `look` makes of each case of a file against what the case says under the
    /// same keys, or with `BLESS=1` writes it there.
    pub fn look(&mut self, path: &Path, look: impl Fn(&Value) -> Vec<(&'static str, Value)>) {
        let text =
            fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut cases: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in cases.as_array_mut().expect("a list of cases") {
            for (key, now) in look(case) {
                if now != case[key] {
                    let place = format!("{}: {}", path.display(), case["name"]);
                    self.wrong.push(format!("{place}\n{key}: {now:#}"));
                }
                case[key] = now;
            }
            self.seen += 1;
        }
        if blesses() {
            let text = serde_json::to_string_pretty(&cases).expect("JSON");
            fs::write(path, text + "\n").expect("the folder of the cases");
        }
    }

    /// Fails when there were too few, or something was not as expected.
    pub fn end(self, least: usize) {
        assert!(self.seen >= least, "only {} cases", self.seen);
        let right = self.wrong.is_empty() || blesses();
        assert!(right, "{}", self.wrong.join("\n\n"));
    }
}

fn blesses() -> bool {
    std::env::var_os("BLESS").is_some()
}
