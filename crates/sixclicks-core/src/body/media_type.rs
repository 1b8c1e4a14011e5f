//! The choice of a media type for a body that no one has named one for.

use super::extensions;

/// Sent for bytes of which nothing else is known.
pub(crate) const BYTES: &str = "application/octet-stream";

/// Chooses one of the documented media types, which may be ranges such as `image/*`, by the
/// extension of a file name. Without a match it is the first that is not a range.
///
/// Fails if all are ranges and none of them includes plain bytes or plain text: whatever was
/// sent then would be something that the document forbids.
pub(crate) fn choose(documented: &[&str], file_name: Option<&str>) -> Result<String, String> {
    let mut guesses = file_name.into_iter().flat_map(extensions::media_types);
    let guessed = guesses.find(|guess| {
        documented.is_empty() || documented.iter().any(|range| includes(range, guess))
    });
    let fixed = || documented.iter().copied().find(|own| !own.contains('*'));
    let plain = || {
        let mut plain = [BYTES, "text/plain"].into_iter();
        plain.find(|plain| {
            documented.is_empty() || documented.iter().any(|own| includes(own, plain))
        })
    };
    if let Some(guessed) = guessed {
        // As the document writes it, which may have parameters.
        let own = documented.iter().find(|own| essence(own) == guessed);
        return Ok(own.map_or(guessed, |own| *own).to_owned());
    }
    let chosen = fixed().or_else(plain).map(str::to_owned);
    chosen.ok_or_else(|| {
        format!(
            "the media type of the upload is unknown; set one of {} with `with_content_type`",
            documented.join(", ")
        )
    })
}

/// Whether a documented media type or range includes a media type.
fn includes(range: &str, media_type: &str) -> bool {
    let range = essence(range);
    match range.split_once('*') {
        Some(("", _)) => true,
        Some((before, after)) => media_type.starts_with(before) && media_type.ends_with(after),
        None => range == media_type,
    }
}

/// A media type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_file_name_selects_among_documented_media_types() {
        for (documented, name, expected) in [
            (
                &["image/png", "image/jpeg"][..],
                Some("a.JPG"),
                "image/jpeg",
            ),
            (&["image/png", "image/jpeg"], Some("a.gif"), "image/png"),
            (&["image/png", "image/jpeg"], None, "image/png"),
            (&["image/*"], Some("a.webp"), "image/webp"),
            (&["application/pdf", "image/*"], Some("a.png"), "image/png"),
            (
                &["text/csv; charset=utf-8"],
                Some("a.csv"),
                "text/csv; charset=utf-8",
            ),
            (&["*/*"], Some("a.pdf"), "application/pdf"),
            (&["*/*"], Some("a.unheard-of"), "application/octet-stream"),
            (&["application/*"], None, "application/octet-stream"),
            (&["text/*"], None, "text/plain"),
            (&[], Some("a.zip"), "application/zip"),
            (&[], None, "application/octet-stream"),
        ] {
            let chosen = choose(documented, name);
            assert_eq!(chosen.as_deref(), Ok(expected), "{documented:?} {name:?}");
        }
    }

    #[test]
    fn a_range_that_nothing_narrows_is_an_error_that_says_what_to_do() {
        let error = choose(&["image/*"], Some("photo")).unwrap_err();
        assert!(
            error.contains("image/*") && error.contains("with_content_type"),
            "{error}"
        );
    }
}
