//! The client: one method for every operation, and the way through the session.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    docs,
    shorthand::{self, Setters},
};
use crate::model::{Answer, Plan, Type, schema::TypeKind};

/// The client file.
pub fn client(plan: &Plan, setters: &Setters) -> TokenStream {
    let version = &plan.version;
    let path: TokenStream = plan.session.parse().unwrap_or_default();
    let session = if plan.session.ends_with("::Session") {
        quote!(#path)
    } else {
        quote!(#path as Session)
    };
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
    let ids: HashSet<&str> = plan.operations.iter().map(|o| o.id.as_str()).collect();
    let mut streams = quote!();
    let methods = plan.operations.iter().map(|operation| {
        let name = format_ident!("{}", operation.id);
        let builder = format_ident!("{}", operation.builder());
        let request = format!("`{} {}`", operation.method, docs::shown(&operation.path));
        let mut answers: Vec<String> = operation
            .success
            .iter()
            .chain(&operation.errors)
            .map(documented)
            .collect();
        if answers == ["- 200 OK"] {
            answers.clear();
        }
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
        let stream = shorthand::method(operation, plan, &ids, setters);
        streams.extend(stream.clone());
        quote! {
            #(#doc)*
            #deprecated
            pub fn #name(&self) -> builder::#builder<'_> {
                builder::#builder::new(self)
            }

            #stream
        }
    });
    let imports = (!plan.operations.is_empty()).then(|| {
        quote!(
            use crate::builder;
        )
    });
    let methods = quote!(#(#methods)*);
    let streams = (!streams.is_empty()).then(|| {
        let types = streams.to_string().contains("types ::").then(|| {
            quote!(
                use crate::types;
            )
        });
        quote!(
            use sixclicks_core::PageStream;
            #types
        )
    });
    let methods = (!plan.operations.is_empty()).then(|| quote!(impl Client { #methods }));
    quote! {
        use #session;
        use sixclicks_core::{ClientHooks, ClientInfo, Failure, OperationInfo};
        #imports
        #streams

        #(#doc)*
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(crate) baseurl: String,
            client: reqwest::Client,
            inner: Session,
            pub(crate) unwrap_abp: bool,
        }

        impl Client {
            /// A client that sends its requests through a session.
            pub fn new(session: &Session) -> Self {
                Self {
                    baseurl: session.base_url().to_owned(),
                    client: session.http_client().clone(),
                    inner: session.clone(),
                    unwrap_abp: true,
                }
            }

            /// The same client below another address of the same host, such as one with a
            /// path that a gateway puts before the API's.
            #[must_use]
            pub fn with_base_url(mut self, base_url: impl Into<String>) -> Self {
                self.baseurl = base_url.into();
                self
            }

            /// Whether an answer in ABP's envelope is read without it, as it is unless this
            /// turns it off. Operations whose envelope the API describes always answer with it.
            #[must_use]
            pub fn with_abp_unwrapping(mut self, unwrap: bool) -> Self {
                self.unwrap_abp = unwrap;
                self
            }

            /// The same client through another session, such as one that differs in its retries
            /// for a single call. An address that was set here stays as it is.
            #[must_use]
            pub fn with_session(&self, session: &Session) -> Self {
                let mut client = self.clone();
                if self.baseurl == self.inner.base_url() {
                    client.baseurl = session.base_url().to_owned();
                }
                client.client = session.http_client().clone();
                client.inner = session.clone();
                client
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

/// What an answer is, if it is a type, or a list or map of something.
fn content(ty: &Type) -> Option<String> {
    let of = |container: &str, inner: &Type| {
        let scalar = inner.scalar().map(|scalar| scalar.json.name().to_owned());
        match content(inner).or(scalar) {
            Some(inner) => format!("{container} of {inner}"),
            None => container.to_owned(),
        }
    };
    match &ty.kind {
        TypeKind::Named(name) if !ty.nullable && ty.description.is_none() => {
            Some(format!("`{}`", docs::shown(name)))
        }
        TypeKind::List(items) => Some(of("list", items)),
        TypeKind::Map(values) => Some(of("map", values)),
        TypeKind::Object => Some("map".to_owned()),
        _ => None,
    }
}

/// One line on a documented answer: its status, its type, and what the document says of it
/// where that is more than the status says.
fn documented(answer: &Answer) -> String {
    let status = super::answers::status_text(answer.status);
    let mut line = format!("- {status}");
    if let Some(content) = content(&answer.ty) {
        line += &format!(" ({content})");
    }
    let text = answer.description.as_deref().unwrap_or_default();
    if !text.is_empty() && !status.ends_with(text) {
        line += &format!(": {}", text.replace('\n', " "));
    }
    line
}
