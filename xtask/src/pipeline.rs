//! The whole way: from documents as they were received to the files of crates.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    asides,
    config::{Config, slug},
    dialect::{Dialect, Recognition},
    emit::{CrateOptions, Files, Place, files},
    generate::{GenerateError, Source, generate, paging},
    lower::{LowerError, lower},
    model::Plan,
    names::{self, Named, NamesLock, RuleError, Rules},
    read::{Document, Note},
    report::Report,
    split::{SplitConfig, SplitError, SplitInput, split},
    surface::{self, Surface},
    upgrade::{UpgradeError, upgrade},
    validate::{Problem, validate_upgraded},
};

/// How much stack the generator gets: schemas may be deep.
pub const STACK: usize = 256 << 20;

/// A document as it was received.
#[derive(Clone, Debug)]
pub struct Input {
    /// What it is called: its file's name.
    pub name: String,
    /// Where it came from, for messages.
    pub origin: String,
    /// Its content, to which overlays may have been applied.
    pub value: Value,
    /// What was not read to the letter.
    pub notes: Vec<Note>,
    /// Who wrote it, by its content as it was received.
    pub recognition: Recognition,
}

impl Input {
    /// A document as it was received.
    pub fn new(name: impl Into<String>, origin: impl Into<String>, value: Value) -> Self {
        Self {
            name: name.into(),
            origin: origin.into(),
            recognition: Recognition::of(&value),
            value,
            notes: Vec::new(),
        }
    }
}

impl From<Document> for Input {
    fn from(document: Document) -> Self {
        let origin = document.origin.to_string();
        Self {
            notes: document.notes,
            ..Self::new(document.name, origin, document.value)
        }
    }
}

/// One crate, ready to be written.
#[derive(Debug)]
pub struct GeneratedCrate {
    /// The crate's name.
    pub name: String,
    /// The API's name.
    pub api: String,
    /// The names of the documents that it was generated from.
    pub sources: Vec<String>,
    /// Its version.
    pub version: String,
    /// The SHA-256 of its document, after overlays and the split.
    pub document: String,
    /// What its users see.
    pub surface: Surface,
    /// What it was generated from.
    pub plan: Plan,
    /// The groups and names of its operations, which are those of the coming grouped client.
    pub names: Vec<Named>,
    /// Its files.
    pub files: Files,
    /// What was done to the document.
    pub report: Report,
    /// How much there is in it.
    pub counts: Counts,
}

impl GeneratedCrate {
    /// Gives the crate another version than the one it was generated with.
    pub fn set_version(&mut self, version: String) {
        if let Some(manifest) = self.files.get_mut(Path::new("Cargo.toml")) {
            let line = |version: &str| format!("\nversion = \"{version}\"\n");
            *manifest = manifest.replacen(&line(&self.version), &line(&version), 1);
        }
        self.version = version;
    }
}

/// How much of a document became code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operations of the document.
    pub operations: usize,
    /// Operations that have a method.
    pub methods: usize,
    /// Schemas that the operations reach.
    pub schemas: usize,
    /// Schemas that have a type.
    pub types: usize,
    /// Lines of code.
    pub lines: usize,
}

/// Why a document does not become crates.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The document breaks a rule so that its meaning cannot be known.
    #[error("{origin}: {}", list(problems))]
    Invalid {
        /// Which document.
        origin: String,
        /// What is wrong with it, and where.
        problems: Vec<Problem>,
    },
    /// An older or newer version could not be brought to OpenAPI 3.0.
    #[error("{origin}: {source}")]
    Upgrade {
        /// Which document.
        origin: String,
        /// Why not.
        source: UpgradeError,
    },
    /// The documents could not be brought together.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// A construct has no meaning.
    #[error("{origin}: {source}")]
    Lower {
        /// Which API.
        origin: String,
        /// Where, and what.
        source: LowerError,
    },
    /// The configuration says of an operation's paging what the document does not have.
    #[error("{origin}: paging: {problem}")]
    Paging {
        /// Which API.
        origin: String,
        /// Which operation, and what is missing.
        problem: String,
    },
    /// The configuration gives operations or groups names that they cannot have.
    #[error("the configuration: {0}")]
    Names(#[from] RuleError),
    /// The code could not be generated.
    #[error("{origin}: {source}")]
    Generate {
        /// Which API.
        origin: String,
        /// Why not.
        source: Box<GenerateError>,
    },
}

impl PipelineError {
    /// Whether the document itself is to blame.
    pub fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. } | Self::Upgrade { .. })
    }
}

fn list(problems: &[Problem]) -> String {
    let first: Vec<String> = problems
        .iter()
        .take(3)
        .map(|problem| {
            format!(
                "at {}: {} ({})",
                problem.pointer, problem.message, problem.rule
            )
        })
        .collect();
    let more = problems.len().saturating_sub(3);
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    first.join("; ") + &rest
}

/// Makes crates of documents.
///
/// # Errors
///
/// When a document has no meaning that a crate could have.
pub fn run(
    inputs: Vec<Input>,
    config: &Config,
    place: &Place,
) -> Result<Vec<GeneratedCrate>, PipelineError> {
    let mut documents = Vec::new();
    let definitions = inputs
        .iter()
        .all(|input| input.value.get("swagger").is_some());
    for input in inputs {
        let dialect = Dialect::new(input.recognition, config.dialect);
        let mut corrected = input.value.clone();
        let mut corrections = Report::default();
        dialect.correct_received(&mut corrected, &mut corrections);
        let upgraded = upgrade(corrected);
        let problems = validate_upgraded(&input.value, upgraded.as_ref().ok());
        if !problems.is_empty() {
            return Err(PipelineError::Invalid {
                origin: input.origin,
                problems,
            });
        }
        let mut notes = Report::default();
        notes.read(&input.notes);
        dialect.note(&mut notes);
        notes.extend(&corrections);
        asides::note(&input.value, &mut notes);
        let mut upgraded = upgraded.map_err(|source| PipelineError::Upgrade {
            origin: input.origin.clone(),
            source,
        })?;
        for note in upgraded.notes {
            if note.lossy {
                notes.lose(note.construct, note.pointer, note.was, note.now);
            } else {
                notes.adapt(note.construct, note.pointer, note.was, note.now);
            }
        }
        let mut corrections = Report::default();
        dialect.correct_upgraded(&mut upgraded.value, &mut corrections);
        if input.value.get("swagger").is_some() {
            corrections.place_after(0, |pointer| {
                match pointer.strip_prefix("/components/schemas/") {
                    Some(rest) => format!("/definitions/{rest}"),
                    None => pointer.to_owned(),
                }
            });
        }
        notes.extend(&corrections);
        let document = SplitInput {
            name: input.name,
            value: upgraded.value,
        };
        documents.push((document, notes));
    }
    // The split has them in this order, too.
    documents.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    let (documents, notes): (Vec<SplitInput>, Vec<Report>) = documents.into_iter().unzip();
    let names: Vec<String> = documents.iter().map(|input| input.name.clone()).collect();
    let rule = SplitConfig {
        suffix: Some(config.api.suffix.clone()).filter(|suffix| !suffix.is_empty()),
        name: config.api.name.clone(),
        version: config.api.version.clone(),
    };
    let apis = split(documents, &rule)?;
    let mut crates = Vec::new();
    let mut methods = BTreeSet::new();
    let rules = Rules {
        groups: config.groups.clone(),
        names: config.names.clone(),
    };
    let mut renamed = BTreeSet::new();
    for api in apis {
        let mut report = Report::default();
        for index in &api.documents {
            let mut notes = notes[*index].clone();
            if names.len() > 1 {
                notes.in_document(&names[*index]);
            }
            report.extend(&notes);
        }
        api.versions
            .report(&mut report, |document, pointer| match names.len() {
                1 => pointer.to_owned(),
                _ => format!("{}#{pointer}", names[document]),
            });
        let noted = report.entries().len();
        let mut document = api.value;
        let mut places = api.places;
        if definitions {
            places.insert("/components/schemas", "/definitions");
        }
        let named = names::api(&document, |pointer| {
            names::path_of(&places.received(pointer))
        });
        let named = names::name(&named, &rules, &NamesLock::default())?;
        renamed.extend(named.used);
        let hash = sha256(document.to_string().as_bytes());
        let schemas = document["components"]["schemas"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        lower(&mut document, &mut report).map_err(|source| PipelineError::Lower {
            origin: api.name.clone(),
            source: LowerError {
                pointer: places.received(&source.pointer),
                ..source
            },
        })?;
        let mut plan = Plan::new(&document);
        plan.session.clone_from(&config.session.path);
        paging::find(&mut plan, &config.paging, &mut report).map_err(|problem| {
            PipelineError::Paging {
                origin: api.name.clone(),
                problem,
            }
        })?;
        report.place_after(noted, |pointer| places.received(pointer));
        methods.extend(plan.operations.iter().map(|operation| operation.id.clone()));
        let mut reader = surface::Reader::new(&plan);
        let source =
            generate(&plan, &mut |part, item| reader.see(part, item)).map_err(|source| {
                PipelineError::Generate {
                    origin: api.name.clone(),
                    source: Box::new(source),
                }
            })?;
        let surface = reader.finish();
        let name = config.crate_name(&api.name, &api.version);
        let options = CrateOptions {
            name: name.clone(),
            product: format!(
                "the {} API of {}",
                slug(&api.name).replace('-', " "),
                config.product
            ),
            version: config.version.clone(),
            publish: config.publish,
            session: config.session.clone(),
            place: place.clone(),
        };
        let files = files(&plan, &source, &options);
        crates.push(GeneratedCrate {
            name,
            api: api.name,
            sources: api.sources,
            version: options.version,
            document: hash,
            surface,
            counts: counts(&plan, &source, schemas, &files),
            plan,
            names: named.operations,
            files,
            report,
        });
    }
    rules.all_used(&renamed)?;
    match config.paging.keys().find(|name| !methods.contains(*name)) {
        Some(unknown) => Err(PipelineError::Paging {
            origin: "the configuration".to_owned(),
            problem: format!("there is no operation `{unknown}`"),
        }),
        None => Ok(crates),
    }
}

/// A SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn counts(plan: &Plan, source: &Source, schemas: usize, files: &Files) -> Counts {
    let lines = files
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "rs"))
        .map(|(_, text)| text.lines().count())
        .sum();
    let types = plan
        .schemas
        .keys()
        .filter(|name| source.type_names.contains(name))
        .count();
    Counts {
        operations: plan
            .operations
            .iter()
            .filter(|operation| !operation.alternative)
            .count(),
        methods: source.methods,
        schemas,
        types,
        lines,
    }
}
