//! The table of untruths, each with the sign that a document has it and the pass that corrects it.
//! The ids are those under which the reports name them.

use serde_json::Value;

use super::{
    Writer, bodies_required, closed_branches, decimals, enum_maps, form_objects,
    framework_parameters, framework_results, framework_types, json_patch, microsoft_files,
    microsoft_forms, nswag_any, nswag_files, nswag_query_forms, nswag_results, null_values,
    number_tags, odata, problem_details, query_lists, query_maps, repeated_arrays, swagger_unions,
    time_spans, unknown_members, warn_body, warn_catch_all, warn_enum_names, warn_form_type,
    warn_prefix, warn_swagger_forms, warn_urlencoded_file,
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
        name: "framework parameters (Q-17)",
        sign: "a parameter or body of a type that is the framework's, by its name",
        writers: &[],
        stage: Stage::Upgraded,
        run: framework_parameters::run,
    },
    Untruth {
        name: "framework results (A-5)",
        sign: "a response of a framework type, by its name",
        writers: &[],
        stage: Stage::Upgraded,
        run: framework_results::run,
    },
    Untruth {
        name: "untyped results (A-4)",
        sign: "a success of `application/octet-stream` alone",
        writers: &[Writer::Nswag],
        stage: Stage::Upgraded,
        run: nswag_results::run,
    },
    Untruth {
        name: "OData paths (F-8)",
        sign: "a path that ends with `/$count` or `/$metadata`",
        writers: &[],
        stage: Stage::Upgraded,
        run: odata::run,
    },
    Untruth {
        name: "framework types (T-4 to T-10)",
        sign: "a component with the name and the members of a type of .NET",
        writers: &[],
        stage: Stage::Upgraded,
        run: framework_types::run,
    },
    Untruth {
        name: "time spans (T-3)",
        sign: "text of the format `duration`, or with the pattern of a time span",
        writers: &[Writer::Nswag, Writer::Microsoft],
        stage: Stage::Upgraded,
        run: time_spans::run,
    },
    Untruth {
        name: "decimals (T-11)",
        sign: "a number of the format `double`; Microsoft: with the pattern of a decimal",
        writers: &[Writer::Swashbuckle, Writer::Microsoft],
        stage: Stage::Upgraded,
        run: decimals::run,
    },
    Untruth {
        name: "values of any kind (T-6)",
        sign: "a schema without a type that has `additionalProperties` of any kind and nothing else",
        writers: &[Writer::Nswag],
        stage: Stage::Upgraded,
        run: nswag_any::run,
    },
    Untruth {
        name: "discriminators as text (U-5)",
        sign: "a discriminator that is text and whose mapping has integers alone",
        writers: &[Writer::Nswag],
        stage: Stage::Upgraded,
        run: number_tags::run,
    },
    Untruth {
        name: "problem details (A-12)",
        sign: "a component with the name and the members of problem details, and no others",
        writers: &[],
        stage: Stage::Upgraded,
        run: problem_details::run,
    },
    Untruth {
        name: "null in maps (T-23)",
        sign: "a map that only requests hold, of values that are never `null`",
        writers: &[Writer::Microsoft],
        stage: Stage::Upgraded,
        run: null_values::run,
    },
    Untruth {
        name: "maps with enum keys (T-20)",
        sign: "a closed object inside another schema, all of whose properties are the same",
        writers: &[Writer::Swashbuckle],
        stage: Stage::Upgraded,
        run: enum_maps::run,
    },
    Untruth {
        name: "unions in Swagger 2.0 (U-6)",
        sign: "a discriminator beside one subtype, and components with its other values",
        writers: &[Writer::Microsoft],
        stage: Stage::Upgraded,
        run: swagger_unions::run,
    },
    Untruth {
        name: "closed branches (T-28)",
        sign: "a closed schema inside an `allOf`, or referred to by one",
        writers: &[],
        stage: Stage::Upgraded,
        run: closed_branches::run,
    },
    Untruth {
        name: "closed objects (T-27)",
        sign: "a closed object that responses hold, and that is no variant of a union",
        writers: &[Writer::Swashbuckle, Writer::Nswag],
        stage: Stage::Upgraded,
        run: unknown_members::run,
    },
    Untruth {
        name: "forms in the query (B-13)",
        sign: "a write without a body, with an object in the query",
        writers: &[Writer::Nswag],
        stage: Stage::Upgraded,
        run: nswag_query_forms::run,
    },
    Untruth {
        name: "forms in parts (B-14)",
        sign: "a form that is an `allOf` of objects",
        writers: &[Writer::Microsoft],
        stage: Stage::Upgraded,
        run: microsoft_forms::run,
    },
    Untruth {
        name: "files in urlencoded forms (B-6)",
        sign: "an urlencoded form with a file, and no multipart beside it",
        writers: &[Writer::Microsoft],
        stage: Stage::Upgraded,
        run: microsoft_files::run,
    },
    Untruth {
        name: "collections of files (B-11)",
        sign: "a multipart form's property that is a list of anything",
        writers: &[Writer::Nswag],
        stage: Stage::Upgraded,
        run: nswag_files::run,
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
    Untruth {
        name: "catch-all paths (Q-14)",
        sign: "a text parameter in the last place with a name such as `path`",
        writers: &[],
        stage: Stage::Received,
        run: warn_catch_all::run,
    },
    Untruth {
        name: "bodies read by hand (B-16)",
        sign: "a write without a body whose name tells of content",
        writers: &[],
        stage: Stage::Received,
        run: warn_body::run,
    },
    Untruth {
        name: "lost prefixes (Q-3, B-9)",
        sign: "the same name twice in a query or form",
        writers: &[],
        stage: Stage::Received,
        run: warn_prefix::run,
    },
    Untruth {
        name: "media types of forms (B-5)",
        sign: "a multipart form without a file",
        writers: &[Writer::Nswag],
        stage: Stage::Received,
        run: warn_form_type::run,
    },
    Untruth {
        name: "files in refused forms (B-6)",
        sign: "an urlencoded form with a file, and no multipart beside it",
        writers: &[Writer::Swashbuckle],
        stage: Stage::Received,
        run: warn_urlencoded_file::run,
    },
    Untruth {
        name: "files as text (B-12)",
        sign: "Swagger 2.0: text with the name of a file in a multipart form",
        writers: &[Writer::Swashbuckle, Writer::Microsoft],
        stage: Stage::Received,
        run: warn_swagger_forms::files,
    },
    Untruth {
        name: "forms without fields (B-14)",
        sign: "Swagger 2.0: an operation that consumes a form and has no field",
        writers: &[Writer::Microsoft],
        stage: Stage::Received,
        run: warn_swagger_forms::fields,
    },
    Untruth {
        name: "names of enums (Q-12)",
        sign: "a parameter that lists names which C# cannot have",
        writers: &[],
        stage: Stage::Received,
        run: warn_enum_names::run,
    },
];
