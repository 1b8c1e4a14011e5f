//! Text to a value, JSON or YAML told apart by content.
use super::{
    Note, Origin, ReadError, json,
    parsed::{Format, Parsed},
    sniff, text, texts, yaml,
};

/// The largest text, in bytes, that is tried as YAML after it has failed as JSON.
const MAX_RELAXED: usize = 16 << 20;

/// Parses the bytes of any JSON or YAML file.
pub(super) fn parse(
    origin: &Origin,
    bytes: Vec<u8>,
    max_depth: usize,
) -> Result<(Parsed, Format), ReadError> {
    let text = text::decode(origin, bytes)?;
    if sniff::is_foreign(&text) {
        let (looks_like, hint) = sniff::looks_like_text(&text);
        return Err(ReadError::NotOpenApi {
            origin: origin.clone(),
            looks_like,
            hint,
        });
    }
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    if !looks_like_json {
        return Ok((yaml::parse(origin, &text, max_depth)?, Format::Yaml));
    }
    let error = match json::parse(origin, &text, max_depth) {
        Ok(parsed) => return Ok((parsed, Format::Json)),
        Err(error @ ReadError::Syntax { .. }) if text.len() <= MAX_RELAXED => error,
        Err(other) => return Err(other),
    };
    // YAML takes trailing commas, comments and unquoted keys; what is wrong for both is an error
    // in JSON, which is what the text looks like.
    let ReadError::Syntax {
        line,
        column,
        message,
        ..
    } = &error
    else {
        return Err(error);
    };
    let Ok(mut parsed) = yaml::parse(origin, &text, max_depth) else {
        return Err(error);
    };
    let was = format!("not strict JSON ({message}, line {line}, column {column})");
    parsed
        .notes
        .insert(0, Note::adapted("", was, "read as YAML"));
    Ok((parsed, Format::Yaml))
}

/// Parses the bytes of an OpenAPI document, and checks that it is one.
pub(super) fn document(
    origin: &Origin,
    bytes: Vec<u8>,
    max_depth: usize,
) -> Result<(Parsed, Format), ReadError> {
    let (mut parsed, format) = parse(origin, bytes, max_depth)?;
    finish(origin, &mut parsed, format)?;
    Ok((parsed, format))
}

/// Checks that what was parsed is an OpenAPI document, and reads it as one.
pub(super) fn finish(
    origin: &Origin,
    parsed: &mut Parsed,
    format: Format,
) -> Result<(), ReadError> {
    if format == Format::Yaml {
        texts::restore_document(parsed);
    }
    sniff::check(origin, &mut parsed.value, &mut parsed.notes)
}
