//! The table of untruths, each with the sign that a document has it and the pass that corrects it.
//! The ids are those under which the reports name them.

use serde_json::Value;

use super::{
    Writer, bodies_required, form_objects, json_patch, query_lists, query_maps, repeated_arrays,
};
use crate::report::Report;

/// On which form of the document a pass works.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// The document as it was received, after overlays. For what the upgrade would have to guess:
    /// Swagger 2.0's defaults, and what is not there any more in OpenAPI 3.0.
    Received,
    /// The document as OpenAPI 3.0, so that one pass serves all versions.
    Upgraded,
}

/// What a pass is told beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Whose document it is.
    pub writer: Writer,
    /// The name of the untruth in the report.
    pub name: &'static str,
}

/// One untruth.
pub struct Untruth {
    /// Its name in the report, with its id.
    pub name: &'static str,
    /// How the document shows it.
    pub sign: &'static str,
    /// The writers that tell it; all of them when there is none.
    pub writers: &'static [Writer],
    /// When the pass runs.
    pub stage: Stage,
    /// The pass. It does nothing where the document is right.
    pub run: fn(&mut Value, Context, &mut Report),
}

impl Untruth {
    /// Whether a writer tells it.
    pub fn is_told_by(&self, writer: Writer) -> bool {
        self.writers.is_empty() || self.writers.contains(&writer)
    }
}

/// The untruths, in the order of their passes.
pub const UNTRUTHS: &[Untruth] = &[
    Untruth {
        name: "arrays without a format (Q-5, B-10)",
        sign: "Swagger 2.0: an array in a query or form without `collectionFormat`",
        writers: &[],
        stage: Stage::Received,
        run: repeated_arrays::run,
    },
    Untruth {
        name: "maps in the query (Q-1)",
        sign: "a query parameter that is an object with `additionalProperties` and no `properties`",
        writers: &[],
        stage: Stage::Upgraded,
        run: query_maps::run,
    },
    Untruth {
        name: "lists of objects in the query (Q-2)",
        sign: "a query parameter that is an array of objects",
        writers: &[],
        stage: Stage::Upgraded,
        run: query_lists::run,
    },
    Untruth {
        name: "objects in forms (B-7, B-8)",
        sign: "a form's property that is an object, a map, or a list of objects",
        writers: &[],
        stage: Stage::Upgraded,
        run: form_objects::run,
    },
    Untruth {
        name: "optional bodies (B-1)",
        sign: "a request body with the media types of MVC's formatters, without `required`",
        writers: &[Writer::Swashbuckle],
        stage: Stage::Upgraded,
        run: bodies_required::run,
    },
    Untruth {
        name: "JSON Patch (B-3)",
        sign: "a component named `…JsonPatchDocument…` with a list `operations`",
        writers: &[],
        stage: Stage::Upgraded,
        run: json_patch::run,
    },
];
