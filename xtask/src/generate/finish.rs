//! Completes progenitor's code: documentation from the document, setters that take a
//! plain value, the names that properties have on the wire, and the sending of every
//! request; then splits it into files.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, File, Item, ItemImpl, ItemMod, ItemStruct, Type, parse_quote, visit_mut::VisitMut,
};

use super::{
    GenerateError, Source, docs, open_types,
    plan::{Operation, Parameter, Place, Plan},
    send::{Send, send},
    skeleton,
};

/// Splits and completes progenitor's tokens.
///
/// # Errors
///
/// When the tokens are not what this version of progenitor writes.
pub fn finish(tokens: TokenStream, plan: &Plan) -> Result<Source, GenerateError> {
    let file: File = syn::parse2(tokens).map_err(|error| GenerateError::Code(error.to_string()))?;
    let mut types = Vec::new();
    let mut builders = Vec::new();
    for item in file.items {
        if let Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) = item
        {
            match ident.to_string().as_str() {
                "types" => types = items,
                "builder" => builders = items,
                _ => {}
            }
        }
    }
    let sends: HashMap<String, Send> = plan
        .operations
        .iter()
        .map(|operation| (operation.builder(), send(operation)))
        .collect();
    let mut type_names: Vec<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    type_names.extend(
        plan.schemas
            .iter()
            .filter(|(_, schema)| skeleton::is_open(schema))
            .map(|(name, _)| name.clone()),
    );
    complete_types(&mut types, plan);
    for operation in &plan.operations {
        let declared: File = syn::parse2(sends[&operation.builder()].types.clone())
            .map_err(|error| GenerateError::Code(error.to_string()))?;
        let modules = types
            .iter()
            .position(|item| matches!(item, Item::Mod(_)))
            .unwrap_or(types.len());
        types.splice(modules..modules, declared.items);
    }
    let methods = plan
        .operations
        .iter()
        .filter(|operation| !operation.alternative)
        .filter(|operation| {
            builders
                .iter()
                .any(|item| matches!(item, Item::Struct(s) if s.ident == operation.builder()))
        })
        .count();
    complete_builders(&mut builders, plan, &sends)?;
    Ok(Source {
        client: unparse(client(plan))?,
        builder: {
            for item in &mut builders {
                Paths {
                    scope: Some("types"),
                }
                .visit_item_mut(item);
            }
            print(builders)
        },
        types: print_types(types) + &open_types::source(plan),
        methods,
        type_names,
    })
}

/// The types file: types name each other without the module that they are in.
fn print_types(mut items: Vec<Item>) -> String {
    for item in &mut items {
        let scope = match item {
            Item::Mod(item) if item.ident == "builder" => Some("super"),
            _ => None,
        };
        Paths { scope }.visit_item_mut(item);
    }
    // What the document does not describe is empty unless it is set.
    print(items)
        .replace("\"::std::option::Option::is_none\"", "\"Option::is_none\"")
        .replace(
            "Err(\"no value supplied for extra\".to_string())",
            "Ok(Default::default())",
        )
}

/// Short paths for what every file has in scope, and for the types of the crate.
struct Paths {
    /// The module through which types are named.
    scope: Option<&'static str>,
}

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = [
            ("option", "Option"),
            ("vec", "Vec"),
            ("string", "String"),
            ("boxed", "Box"),
            ("result", "Result"),
        ];
        let skip = match names.as_slice() {
            ["std", module, last]
                if known.contains(&(*module, *last)) && path.leading_colon.is_some() =>
            {
                2
            }
            ["crate", "types", _] => 2,
            ["types", _] if path.leading_colon.is_some() => 1,
            [name, ..] if path.leading_colon.is_some() && LIBRARIES.contains(name) => {
                path.leading_colon = None;
                return;
            }
            _ => return,
        };
        let types = names.contains(&"types");
        let rest = path.segments.iter().skip(skip).cloned().collect::<Vec<_>>();
        let scope = self
            .scope
            .filter(|_| types)
            .map(|scope| format_ident!("{scope}"));
        *path = match scope {
            Some(scope) => parse_quote!(#scope::#(#rest)::*),
            None => parse_quote!(#(#rest)::*),
        };
    }
}

/// Crates that generated files name without a leading `::`.
const LIBRARIES: [&str; 4] = ["serde_json", "sixclicks_core", "std", "uuid"];

fn print(items: Vec<Item>) -> String {
    let mut file: File = parse_quote!();
    file.items = items;
    tidy(prettyplease::unparse(&file))
}

fn unparse(tokens: TokenStream) -> Result<String, GenerateError> {
    let file = syn::parse2(tokens).map_err(|error| GenerateError::Code(error.to_string()))?;
    Ok(tidy(prettyplease::unparse(&file)))
}

/// A blank line between items.
fn tidy(text: String) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    let mut closed = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if closed && indent <= 4 && !line.trim_start().starts_with('}') {
            out.push('\n');
        }
        out += line;
        out.push('\n');
        closed = indent <= 4 && line.trim_start() == "}";
    }
    out
}

/// A type in one line, as a person would write it.
pub fn one_line(tokens: &TokenStream) -> String {
    let mut file: File = parse_quote!(type T = #tokens;);
    Paths { scope: None }.visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    let text: String = text.lines().map(str::trim).collect();
    text.trim_start_matches("type T =")
        .trim_end_matches(';')
        .trim()
        .replace(",>", ">")
        .to_owned()
}

fn complete_types(items: &mut Vec<Item>, plan: &Plan) {
    items.retain(|item| !matches!(item, Item::Mod(item) if item.ident == "defaults"));
    let mut fields: HashMap<String, HashMap<String, TokenStream>> = HashMap::new();
    for item in items.iter_mut() {
        if let Item::Struct(item) = item {
            fields.insert(item.ident.to_string(), complete_struct(item, plan));
        }
    }
    for item in items.iter_mut() {
        let Item::Mod(ItemMod {
            ident,
            content: Some((_, inner)),
            ..
        }) = item
        else {
            continue;
        };
        if ident != "builder" {
            continue;
        }
        for item in inner.iter_mut() {
            if let Item::Impl(item) = item
                && item.trait_.is_none()
            {
                let name = item.self_ty.to_token_stream().to_string();
                setters(item, fields.get(&name));
            }
        }
    }
    for item in items.iter_mut() {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
        {
            let name = item.self_ty.to_token_stream().to_string();
            for method in &mut item.items {
                if let syn::ImplItem::Fn(method) = method
                    && method.sig.ident == "builder"
                {
                    let doc = docs::attributes(&format!("Starts a [`{name}`] from nothing."));
                    method.attrs = parse_attributes(&doc);
                }
            }
        }
    }
}

fn parse_attributes(tokens: &TokenStream) -> Vec<Attribute> {
    let item: ItemStruct = parse_quote!(#tokens struct S;);
    item.attrs
}

/// Documentation and wire names of a struct; answers the documentation of its fields.
fn complete_struct(item: &mut ItemStruct, plan: &Plan) -> HashMap<String, TokenStream> {
    let name = item.ident.to_string();
    let mut told = HashMap::new();
    let Some(schema) = plan.schemas.get(&name) else {
        return told;
    };
    let text = docs::paragraphs([
        schema["title"].as_str().filter(|t| *t != name),
        schema["description"].as_str(),
    ]);
    let text = if text.is_empty() {
        format!("`{name}` of the API.")
    } else {
        text
    };
    replace_docs(&mut item.attrs, &docs::attributes(&text));
    let by_field: HashMap<String, (&String, &serde_json::Value)> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(wire, property)| (crate::ident::field_name(wire), (wire, property)))
        .collect();
    for field in &mut item.fields {
        let Some(ident) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let Some((key, property)) = by_field.get(&ident) else {
            replace_docs(
                &mut field.attrs,
                &docs::attributes("Whatever else the object holds."),
            );
            continue;
        };
        let wire = property["x-wire-name"].as_str();
        if let Some(wire) = wire {
            rename(&mut field.attrs, wire);
        }
        let mut text = property["description"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for (keyword, sentence) in [
            ("readOnly", "Only the server sets it."),
            ("writeOnly", "Only sent, never answered."),
            ("deprecated", "Deprecated."),
        ] {
            if property[keyword] == serde_json::Value::Bool(true) {
                text = docs::paragraphs([Some(text.as_str()), Some(sentence)]);
            }
        }
        if text.is_empty() {
            text = format!("`{}`", shown(wire.unwrap_or(key)));
        }
        let doc = docs::attributes(&text);
        replace_docs(&mut field.attrs, &doc);
        told.insert(ident, doc);
    }
    told
}

fn shown(name: &str) -> String {
    let text: String = name
        .chars()
        .map(|c| if c == '`' || c.is_control() { ' ' } else { c })
        .collect();
    if text.trim().is_empty() {
        " ".to_owned()
    } else {
        text
    }
}

fn replace_docs(attrs: &mut Vec<Attribute>, doc: &TokenStream) {
    attrs.retain(|attr| !attr.path().is_ident("doc"));
    let mut all = parse_attributes(doc);
    all.append(attrs);
    *attrs = all;
}

/// Gives a field the name that it has on the wire.
fn rename(attrs: &mut Vec<Attribute>, wire: &str) {
    let mut options: Vec<TokenStream> = vec![quote!(rename = #wire)];
    attrs.retain(|attr| {
        if !attr.path().is_ident("serde") {
            return true;
        }
        if let Ok(list) = attr.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        ) {
            options.extend(
                list.iter()
                    .filter(|meta| !meta.path().is_ident("rename"))
                    .map(ToTokens::to_token_stream),
            );
        }
        false
    });
    attrs.push(parse_quote!(#[serde(#(#options),*)]));
}

/// Setters of optional fields take the plain value, and say what they set.
fn setters(item: &mut ItemImpl, told: Option<&HashMap<String, TokenStream>>) {
    for method in &mut item.items {
        let syn::ImplItem::Fn(method) = method else {
            continue;
        };
        let name = method.sig.ident.to_string();
        if let Some(doc) = told.and_then(|told| told.get(&name)) {
            replace_docs(&mut method.attrs, doc);
        }
        let Some(clause) = &mut method.sig.generics.where_clause else {
            continue;
        };
        let Some(inner) = clause.predicates.iter().find_map(optional_target) else {
            continue;
        };
        let field = &method.sig.ident;
        let message = format!("error converting supplied value for {name}: {{e}}");
        *clause = parse_quote!(where T: std::convert::TryInto<#inner>, T::Error: std::fmt::Display);
        method.block = parse_quote!({
            self.#field = value.try_into().map(Some).map_err(|e| format!(#message));
            self
        });
    }
}

/// `X` of a bound `T: TryInto<Option<X>>`.
fn optional_target(predicate: &syn::WherePredicate) -> Option<Type> {
    let text = predicate.to_token_stream().to_string();
    let rest = text.split_once("TryInto <")?.1.trim();
    let inner = rest.strip_prefix(":: std :: option :: Option <")?.trim();
    let inner = inner.trim_end_matches([',', ' ']);
    let inner = inner
        .strip_suffix('>')?
        .trim_end_matches([',', ' '])
        .strip_suffix('>')?
        .trim_end_matches([',', ' ']);
    syn::parse_str(inner).ok()
}

fn complete_builders(
    items: &mut Vec<Item>,
    plan: &Plan,
    sends: &HashMap<String, Send>,
) -> Result<(), GenerateError> {
    items.retain(|item| !matches!(item, Item::Use(_)));
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) => {
                let Some(operation) = skeleton::by_builder(plan, &item.ident.to_string()) else {
                    continue;
                };
                let text = format!(
                    "Builder for [`Client::{0}`](crate::Client::{0}).",
                    operation.id
                );
                replace_docs(&mut item.attrs, &docs::attributes(&text));
            }
            Item::Impl(item) => {
                let Type::Path(path) = &*item.self_ty else {
                    continue;
                };
                let Some(name) = path
                    .path
                    .segments
                    .last()
                    .map(|segment| segment.ident.to_string())
                else {
                    continue;
                };
                let (Some(operation), Some(send)) =
                    (skeleton::by_builder(plan, &name), sends.get(&name))
                else {
                    continue;
                };
                complete_builder(item, operation, send)?;
            }
            _ => {}
        }
    }
    let text = items
        .iter()
        .map(|item| item.to_token_stream().to_string())
        .collect::<String>();
    let used = [
        "Call",
        "Error",
        "Form",
        "Multipart",
        "OperationInfo",
        "PathStyle",
        "QueryStyle",
        "ResponseValue",
    ]
    .into_iter()
    .filter(|name| match *name {
        "Form" | "Multipart" => text.contains(&format!("{name} :: new")),
        _ => text.contains(&format!("{name} ")),
    })
    .map(|name| format_ident!("{name}"));
    let types = text.contains("types ::").then(|| {
        quote!(
            use crate::types;
        )
    });
    let head: File = parse_quote! {
        use sixclicks_core::{#(#used),*};
        #types
    };
    if items.is_empty() {
        return Ok(());
    }
    items.splice(0..0, head.items);
    Ok(())
}

fn complete_builder(
    item: &mut ItemImpl,
    operation: &Operation,
    send: &Send,
) -> Result<(), GenerateError> {
    for method in &mut item.items {
        let syn::ImplItem::Fn(method) = method else {
            continue;
        };
        let name = method.sig.ident.to_string();
        match name.as_str() {
            "new" => {
                replace_docs(
                    &mut method.attrs,
                    &docs::attributes("The operation with nothing set."),
                );
            }
            "send" => {
                let text = format!(
                    "Sends a `{}` request to `{}`.\n\n# Errors\n\nWhen a value is missing, the request cannot be sent, or the server answers with an error.",
                    operation.method,
                    shown(&operation.path)
                );
                replace_docs(&mut method.attrs, &docs::attributes(&text));
                let (success, error) = (&send.success, &send.error);
                method.sig.output = parse_quote!(-> Result<ResponseValue<#success>, Error<#error>>);
                let kept = prologue(&method.block, operation);
                let body = &send.body;
                let block = quote!({ #kept #body });
                method.block = syn::parse2(block.clone())
                    .map_err(|error| GenerateError::Code(format!("{error} in {block}")))?;
            }
            "body_map" => {
                replace_docs(
                    &mut method.attrs,
                    &docs::attributes("Changes the body that is being built."),
                );
            }
            name => {
                let parameter = operation
                    .parameters
                    .iter()
                    .find(|parameter| parameter.rust == name);
                let text = match parameter {
                    Some(parameter) => setter_doc(parameter),
                    None => docs::paragraphs([
                        operation
                            .body
                            .as_ref()
                            .and_then(|body| body.description.as_deref()),
                        Some("The body."),
                    ]),
                };
                replace_docs(&mut method.attrs, &docs::attributes(&text));
                plain_message(&mut method.block, name);
            }
        }
    }
    Ok(())
}

fn setter_doc(parameter: &Parameter) -> String {
    let place = match parameter.place {
        Place::Path => "in the path",
        Place::Query => "in the query",
        Place::Header => "as a header",
        Place::Cookie => "as a cookie",
        Place::Form | Place::Multipart => "as a field of the form",
    };
    let needed = if parameter.required { ", required" } else { "" };
    let sent = format!("`{}`, {place}{needed}.", shown(&parameter.wire));
    let schema_text = parameter.schema["description"].as_str();
    docs::paragraphs([
        parameter.description.as_deref().or(schema_text),
        Some(&sent),
        schema_text.filter(|text| {
            parameter.description.is_some() && parameter.description.as_deref() != Some(*text)
        }),
    ])
}

/// progenitor's messages spell types as tokens; the name of the parameter is enough.
fn plain_message(block: &mut syn::Block, name: &str) {
    struct Messages<'a>(&'a str);
    impl syn::visit_mut::VisitMut for Messages<'_> {
        fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
            if literal.value().starts_with("conversion to `") && !literal.value().contains("{}") {
                *literal = syn::LitStr::new(
                    &format!("`{}` is not of the type that is sent", self.0),
                    literal.span(),
                );
            }
        }
    }
    syn::visit_mut::VisitMut::visit_block_mut(&mut Messages(name), block);
}

/// The statements of progenitor's `send` that take the parameters out of the builder.
fn prologue(block: &syn::Block, operation: &Operation) -> TokenStream {
    let id = &operation.id;
    let statements = block.stmts.iter().filter_map(|statement| {
        let syn::Stmt::Local(local) = statement else {
            return None;
        };
        let text = local.to_token_stream().to_string();
        let destructures = matches!(&local.pat, syn::Pat::Struct(_));
        if !destructures && !text.contains("Error :: InvalidRequest") {
            return None;
        }
        let mut local = local.clone();
        struct Rewrite<'a>(&'a str);
        impl syn::visit_mut::VisitMut for Rewrite<'_> {
            fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
                syn::visit_mut::visit_expr_mut(self, expression);
                if expression.to_token_stream().to_string() == "Error :: InvalidRequest" {
                    let id = self.0;
                    *expression = parse_quote!(|e| Error::invalid_request(#id, e));
                }
            }
        }
        syn::visit_mut::VisitMut::visit_local_mut(&mut Rewrite(id), &mut local);
        Some(local.to_token_stream())
    });
    quote!(#(#statements)*)
}

/// The client: one method for every operation.
fn client(plan: &Plan) -> TokenStream {
    let version = &plan.version;
    let doc = docs::attributes(&docs::paragraphs([
        Some(
            format!(
                "The client of {}.",
                if plan.title.is_empty() {
                    "the API"
                } else {
                    &plan.title
                }
            )
            .as_str(),
        ),
        Some(plan.description.as_str()),
        Some("Cheap to clone; all clients of one session share its connections and its token."),
    ]));
    let methods = plan.operations.iter().map(|operation| {
        let name = format_ident!("{}", operation.id);
        let builder = format_ident!("{}", operation.builder());
        let request = format!("`{} {}`", operation.method, shown(&operation.path));
        let answers: Vec<String> = operation
            .success
            .iter()
            .chain(&operation.errors)
            .filter_map(|answer| {
                let status = super::send::status_text(answer.status);
                let text = answer
                    .description
                    .as_deref()
                    .filter(|text| !text.is_empty())?;
                (!status.ends_with(text))
                    .then(|| format!("- {status}: {}", text.replace('\n', " ")))
            })
            .collect();
        let answers = answers.join("\n");
        let doc = docs::attributes(&docs::paragraphs([
            operation.summary.as_deref(),
            operation
                .description
                .as_deref()
                .filter(|text| operation.summary.as_deref() != Some(*text)),
            Some(&request),
            Some(&answers),
        ]));
        let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
        quote! {
            #doc
            #deprecated
            pub fn #name(&self) -> builder::#builder<'_> {
                builder::#builder::new(self)
            }
        }
    });
    let imports = (!plan.operations.is_empty()).then(|| {
        quote!(
            use crate::builder;
        )
    });
    let methods = quote!(#(#methods)*);
    let methods = (!plan.operations.is_empty()).then(|| quote!(impl Client { #methods }));
    quote! {
        use sixclicks_auth::Session;
        use sixclicks_core::{ClientHooks, ClientInfo, Failure, OperationInfo};
        #imports

        #doc
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(crate) baseurl: String,
            client: reqwest::Client,
            inner: Session,
        }

        impl Client {
            /// A client that sends its requests through a session.
            pub fn new(session: &Session) -> Self {
                Self {
                    baseurl: session.base_url().to_owned(),
                    client: session.http_client().clone(),
                    inner: session.clone(),
                }
            }

            /// The session that the requests are sent through.
            pub fn session(&self) -> &Session {
                &self.inner
            }
        }

        impl ClientInfo<Session> for Client {
            fn api_version() -> &'static str {
                #version
            }

            fn baseurl(&self) -> &str {
                &self.baseurl
            }

            fn client(&self) -> &reqwest::Client {
                &self.client
            }

            fn inner(&self) -> &Session {
                &self.inner
            }
        }

        impl ClientHooks<Session> for Client {
            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                match self.inner.execute(request, info.operation_id).await {
                    Ok(response) => Ok(response),
                    Err(error) => Ok(Failure::new(error).into_response()),
                }
            }
        }

        #methods
    }
}
