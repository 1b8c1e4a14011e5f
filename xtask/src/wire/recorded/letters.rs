//! The names of a request's query and form in the letters of the document: ASP.NET takes
//! them in any.

use sixclicks_sandbox::{Document, Known, Operation, Place};

use crate::{
    media::{Family, family},
    wire::exchange::Sent,
};

/// A request with the names of its query and its form as the document spells them.
pub fn spelt(document: &Document, operation: &Operation, sent: &Sent) -> Sent {
    let parameters = operation.parameters.iter();
    let query: Vec<&str> = parameters
        .filter(|parameter| parameter.place == Place::Query)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut spelt = sent.clone();
    spelt.query = renamed(&sent.query, &query);
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let schemas: Vec<_> = contents
        .filter_map(|content| content.schema.clone())
        .collect();
    let known = Known::of(&document.root, &schemas);
    let fields: Vec<&str> = known.fields.keys().map(String::as_str).collect();
    match family(sent.header("content-type"), false) {
        Family::Form => {
            let text = String::from_utf8_lossy(&sent.body);
            spelt.body = renamed(&text, &fields).into_bytes();
        }
        Family::Multipart => {
            for field in fields {
                spelt.body = in_parts(spelt.body, field);
            }
        }
        _ => {}
    }
    spelt
}

/// Pairs with their names as they are documented; the values stay as they were sent.
fn renamed(pairs: &str, names: &[&str]) -> String {
    let pairs = pairs.split('&').map(|pair| {
        let (name, rest) = pair.split_at(pair.find('=').unwrap_or(pair.len()));
        let own = names.iter().find(|own| own.eq_ignore_ascii_case(name));
        match own {
            Some(own) if !names.contains(&name) => format!("{own}{rest}"),
            _ => pair.to_owned(),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A multipart body in whose part headers a field's name is as it is documented.
fn in_parts(body: Vec<u8>, field: &str) -> Vec<u8> {
    let name = format!("name=\"{field}\"").into_bytes();
    let mut rest = body.as_slice();
    let mut made = Vec::with_capacity(body.len());
    while !rest.is_empty() {
        let here = rest.get(..name.len());
        let is_name = here.is_some_and(|here| here.eq_ignore_ascii_case(&name));
        let inside = made.last().is_some_and(u8::is_ascii_alphanumeric);
        let (taken, kept) = match is_name && !inside {
            true => (name.as_slice(), name.len()),
            false => (&rest[..1], 1),
        };
        made.extend_from_slice(taken);
        rest = &rest[kept..];
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{in_parts, renamed};

    #[test]
    fn names_get_the_letters_of_the_document_and_values_stay() {
        assert_eq!(renamed("Limit=A&b=Limit", &["limit"]), "limit=A&b=Limit");
        assert_eq!(renamed("a=1&A=2", &["a", "A"]), "a=1&A=2");
        let part = b"form-data; name=\"File\"; filename=\"file\"".to_vec();
        let expected = b"form-data; name=\"file\"; filename=\"file\"".to_vec();
        assert_eq!(in_parts(part, "file"), expected);
    }
}
