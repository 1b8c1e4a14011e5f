//! The README of a generated crate, which is its documentation's first page as well: what
//! it is, and a call that compiles.

use super::{CrateOptions, MARK};
use crate::{
    counted::counted,
    model::{Operation, Place, Plan},
};

/// The README.
pub fn readme(plan: &Plan, options: &CrateOptions) -> String {
    let crate_name = options.name.replace('-', "_");
    let count = plan
        .operations
        .iter()
        .filter(|operation| !operation.alternative)
        .count();
    let operations = counted(count, "operation");
    let mut out = format!(
        "<!-- {MARK} -->\n\n# {}\n\nA client for {}, version {}: {operations}.\n",
        options.name,
        options.product,
        crate::lower::descriptions::clean(&plan.version),
    );
    let Some(operation) = simplest(plan) else {
        return out;
    };
    let todo = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| format!("// .{}(…)", parameter.rust))
        .chain(
            operation
                .body
                .iter()
                .filter(|body| body.required)
                .map(|_| "// .body(…)".to_owned()),
        )
        .map(|line| format!("\n    {line}"))
        .collect::<String>();
    let start = if options.session.package == "sixclicks-auth" {
        "use sixclicks_auth::{ApiKey, Session};\nuse CRATE::Client;\n\n\
         # async fn example() -> Result<(), Box<dyn std::error::Error>> {\n\
         let session = Session::new(\"https://app-au.6clicks.io\", ApiKey::from(\"your key\"))?;"
            .to_owned()
    } else {
        format!(
            "use CRATE::Client;\n\n\
             # async fn example(session: {}) -> Result<(), Box<dyn std::error::Error>> {{",
            options.session.path
        )
    };
    let start = start.replace("CRATE", &crate_name);
    out += &format!(
        "\n```rust,no_run\n{start}\n\
         let client = Client::new(&session);\n\
         let answer = client\n    .{}(){todo}\n    .send()\n    .await?;\n\
         println!(\"{{}}\", answer.status());\n# Ok(())\n# }}\n```\n\n\
         Every operation is a method of [`Client`] that answers a builder: set what you want to send, then `send().await`.\n\
         What goes wrong is an [`Error`], which says of what kind it is, what the server said, and whether trying again can help.\n",
        operation.id
    );
    out
}

/// An operation that is easy to show: one that reads, with little to give.
fn simplest(plan: &Plan) -> Option<&Operation> {
    plan.operations
        .iter()
        .filter(|operation| !operation.deprecated)
        .min_by_key(|operation| {
            let required = operation.parameters.iter().filter(|p| p.required).count();
            let body = operation.body.as_ref().is_some_and(|body| body.required);
            let form = operation
                .parameters
                .iter()
                .any(|p| matches!(p.place, Place::Form | Place::Multipart));
            (operation.method != "GET", body || form, required)
        })
}
