//! The dialect of ASP.NET: its three document writers misdescribe their servers in the same few
//! ways, which are corrected here, before anything else is made of a document.
//!
//! A document is recognised as it was received. Most passes work on it once it is OpenAPI 3.0, so
//! that each is written once for all versions; the others need what the upgrade has to interpret.
//! No pass that loses something runs on the strength of who wrote the document alone: each looks for
//! the sign of its own construct too.

mod bodies_required;
mod closed_branches;
mod decimals;
mod enum_maps;
mod form_objects;
mod framework_parameters;
mod framework_results;
mod framework_types;
mod json_patch;
mod microsoft_files;
mod microsoft_forms;
mod nswag_any;
mod nswag_files;
mod nswag_query_forms;
mod nswag_results;
mod null_values;
mod number_tags;
mod odata;
mod order;
mod problem_details;
mod query_lists;
mod query_maps;
mod reach;
mod recognise;
mod repeated_arrays;
mod signs;
mod suspect;
mod swagger_unions;
mod table;
mod time_spans;
mod tool;
mod unknown_members;
mod warn_body;
mod warn_catch_all;
mod warn_enum_names;
mod warn_form_type;
mod warn_prefix;
mod warn_swagger_forms;
mod warn_urlencoded_file;

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

pub use recognise::{Family, Recognition, Writer};

pub use table::{Context, Stage, UNTRUTHS, Untruth};

use crate::{
    openapi::{DEEPEST, deeper_than, with_room},
    report::Report,
    upgrade::upgrade,
};

/// What the user says about the dialect of the documents; without it, each document is recognised.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// ASP.NET in general; the tool is recognised for each document where possible.
    Aspnet,
    /// Swashbuckle.
    Swashbuckle,
    /// NSwag.
    Nswag,
    /// Microsoft.AspNetCore.OpenApi.
    Microsoft,
    /// None: the documents are taken at their word.
    Strict,
}

impl Choice {
    /// Its name as the command line and the configuration spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aspnet => "aspnet",
            Self::Swashbuckle => "swashbuckle",
            Self::Nswag => "nswag",
            Self::Microsoft => "microsoft",
            Self::Strict => "strict",
        }
    }
}

/// What is assumed of one document.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// Who wrote the document, by its signs.
    pub recognition: Recognition,
    /// What the user says.
    pub choice: Option<Choice>,
}

impl Dialect {
    /// The dialect that a document gets, which is as it was received: before overlays, and before
    /// anything is normalised.
    pub fn of(document: &Value, choice: Option<Choice>) -> Self {
        Self::new(Recognition::of(document), choice)
    }

    /// The dialect of a document that was recognised before.
    pub fn new(recognition: Recognition, choice: Option<Choice>) -> Self {
        Self {
            recognition,
            choice,
        }
    }

    /// The writer whose untruths are corrected. `None` when the document means what it says.
    pub fn writer(&self) -> Option<Writer> {
        let recognised = self.recognition.writer;
        match self.choice {
            None => recognised,
            Some(Choice::Aspnet) => recognised.or(Some(Writer::Aspnet)),
            Some(Choice::Swashbuckle) => Some(Writer::Swashbuckle),
            Some(Choice::Nswag) => Some(Writer::Nswag),
            Some(Choice::Microsoft) => Some(Writer::Microsoft),
            Some(Choice::Strict) => None,
        }
    }

    /// Whether the document is one of ASP.NET, by any writer.
    pub fn is_aspnet(&self) -> bool {
        self.writer().is_some()
    }

    /// The dialect in which the sandbox reads the document.
    pub fn spoken(&self) -> sixclicks_sandbox::Dialect {
        use sixclicks_sandbox::Dialect;
        match self.writer() {
            None => Dialect::Strict,
            Some(Writer::Aspnet) => Dialect::Aspnet,
            Some(Writer::Swashbuckle) => Dialect::Swashbuckle,
            Some(Writer::Nswag) => Dialect::Nswag,
            Some(Writer::Microsoft) => Dialect::Microsoft,
        }
    }

    /// Corrects a document as it was received, after overlays, and warns of what looks wrong in it.
    pub fn correct_received(&self, document: &mut Value, report: &mut Report) {
        self.correct(Stage::Received, document, report);
    }

    /// Corrects the same document once it is OpenAPI 3.0.
    pub fn correct_upgraded(&self, document: &mut Value, report: &mut Report) {
        self.correct(Stage::Upgraded, document, report);
    }

    /// A document as OpenAPI 3.0 with all corrections; `None` if it cannot be upgraded.
    pub fn corrected(&self, received: &Value) -> Option<Value> {
        let mut report = Report::default();
        let mut document = received.clone();
        self.correct_received(&mut document, &mut report);
        let mut document = upgrade(document).ok()?.value;
        self.correct_upgraded(&mut document, &mut report);
        Some(document)
    }

    fn correct(&self, stage: Stage, document: &mut Value, report: &mut Report) {
        let Some(writer) = self.writer() else {
            return;
        };
        // Such a document is refused by the upgrade, with a message.
        if deeper_than(document, DEEPEST) {
            return;
        }
        with_room(|| {
            for untruth in UNTRUTHS {
                if untruth.stage == stage && untruth.is_told_by(writer) {
                    let name = untruth.name;
                    (untruth.run)(document, Context { writer, name }, report);
                }
            }
        });
    }

    /// Notes in the report what is assumed, and why.
    pub fn note(&self, report: &mut Report) {
        let recognition = &self.recognition;
        let was = match recognition.signs.as_slice() {
            [] => recognition.to_string(),
            signs => format!("{recognition}: {}", signs.join("; ")),
        };
        let now = match (self.choice, self.writer()) {
            (None, None) => return,
            (Some(choice), None) => format!("as it stands, by the choice `{}`", choice.name()),
            (None, Some(writer)) => format!("corrected as a document of {writer}"),
            (Some(choice), Some(writer)) => {
                let choice = choice.name();
                format!("corrected as a document of {writer}, by the choice `{choice}`")
            }
        };
        report.adapt("dialect", "", was, now);
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.writer().map_or("strict", Writer::name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Choice, Dialect, Writer};

    #[test]
    fn a_choice_overrides_what_is_recognised() {
        let nswag = json!({"openapi": "3.0.0", "x-generator": "NSwag v14.0.0.0", "paths": {}});
        let other = json!({"openapi": "3.0.0", "paths": {}});
        for (document, choice, writer) in [
            (&nswag, None, Some(Writer::Nswag)),
            (&nswag, Some(Choice::Aspnet), Some(Writer::Nswag)),
            (&nswag, Some(Choice::Swashbuckle), Some(Writer::Swashbuckle)),
            (&nswag, Some(Choice::Strict), None),
            (&other, None, None),
            (&other, Some(Choice::Aspnet), Some(Writer::Aspnet)),
            (&other, Some(Choice::Microsoft), Some(Writer::Microsoft)),
        ] {
            assert_eq!(Dialect::of(document, choice).writer(), writer);
        }
    }
}
