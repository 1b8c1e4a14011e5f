//! The name that a server gives a download: `Content-Disposition` of RFC 6266, as ASP.NET
//! writes it (`filename="…"; filename*=UTF-8''…`).

use base64::Engine as _;
use http::{HeaderMap, header::CONTENT_DISPOSITION};
use percent_encoding::percent_decode;

/// The name of the file, without folders and control characters, so that it can be
/// joined to a folder on any system; none if the server told none.
pub(crate) fn file_name(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_DISPOSITION)?.as_bytes();
    let parameters = parameters(value);
    let find = |wanted: &str| {
        let found = parameters
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()));
        found.map(|(_, value)| value.as_slice())
    };
    let extended = find("filename*").and_then(extended);
    let name = extended.or_else(|| find("filename").map(plain))?;
    safe(&name)
}

/// The parameters after the kind: names, and values without quotes.
fn parameters(value: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut bytes = value
        .iter()
        .copied()
        .skip_while(|byte| *byte != b';')
        .skip(1);
    let mut found = Vec::new();
    loop {
        let name: Vec<u8> = bytes.by_ref().take_while(|byte| *byte != b'=').collect();
        if name.is_empty() {
            return found;
        }
        let mut value = Vec::new();
        let mut quoted = false;
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => quoted = !quoted,
                // A backslash takes the next character as it is.
                b'\\' if quoted => value.extend(bytes.next()),
                b';' if !quoted => break,
                byte => value.push(byte),
            }
        }
        found.push((name.trim_ascii().to_vec(), value.trim_ascii().to_vec()));
    }
}

/// `charset'language'percent-encoded` of RFC 8187.
fn extended(value: &[u8]) -> Option<String> {
    let mut parts = value.splitn(3, |byte| *byte == b'\'');
    let (charset, _, text) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes: Vec<u8> = percent_decode(text).collect();
    if charset.eq_ignore_ascii_case(b"utf-8") {
        String::from_utf8(bytes).ok()
    } else {
        charset
            .eq_ignore_ascii_case(b"iso-8859-1")
            .then(|| latin(&bytes))
    }
}

/// UTF-8 as it stands, Latin-1, or the encoded word that ASP.NET writes for old browsers.
fn plain(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => encoded_word(text).unwrap_or_else(|| text.to_owned()),
        Err(_) => latin(value),
    }
}

/// `=?utf-8?B?…?=` of RFC 2047.
fn encoded_word(text: &str) -> Option<String> {
    let inner = text.strip_prefix("=?")?.strip_suffix("?=")?;
    let mut parts = inner.splitn(3, '?');
    let (charset, kind, data) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") || !kind.eq_ignore_ascii_case("b") {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(data)
        .ok()?;
    String::from_utf8(bytes).ok()
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Device names of Windows, which are reserved with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The last part of a path, which is all that a server may decide, as a name that is a plain file on
/// every system: on Windows `C:x` leaves the folder, `x:y` is a stream of another file, and `con` is a
/// device.
fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = last
        .chars()
        .filter(|c| !c.is_control() && !is_directional(*c));
    let clean: String = shown.map(|c| if c == ':' { '_' } else { c }).collect();
    // Windows drops dots and spaces at the end.
    let clean = clean.trim().trim_end_matches(['.', ' ']);
    if clean.is_empty() {
        return None;
    }
    let reserved = if is_device(clean) { "_" } else { "" };
    Some(format!("{reserved}{clean}"))
}

/// Characters that turn the direction of text, so that a name ends otherwise than it seems to.
fn is_directional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_lowercase();
    let numbered = |prefix: &str| {
        let number = stem.strip_prefix(prefix);
        number.is_some_and(|rest| {
            matches!(rest, "¹" | "²" | "³") || rest.parse::<u8>().is_ok_and(|n| n < 10)
        })
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(value: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_DISPOSITION,
            http::HeaderValue::from_bytes(value).ok()?,
        );
        file_name(&headers)
    }

    #[test]
    fn names_are_read_in_every_form_that_servers_write() {
        for (value, expected) in [
            ("attachment; filename=report.pdf", Some("report.pdf")),
            (
                r#"attachment; filename="a;b \"c\".pdf""#,
                Some(r#"a;b "c".pdf"#),
            ),
            (
                "attachment; filename=\"=?utf-8?B?UHLDvGYuY3N2?=\"; filename*=UTF-8''Pr%C3%BCf.csv",
                Some("Prüf.csv"),
            ),
            (
                "attachment; filename=\"=?utf-8?B?UHLDvGYuY3N2?=\"",
                Some("Prüf.csv"),
            ),
            (
                "attachment; FileName* = utf-8'de'%e2%82%ac.txt; filename=x",
                Some("€.txt"),
            ),
            ("attachment; filename=\"Prüf.csv\"", Some("Prüf.csv")),
            (
                "attachment; filename=\"..\\..\\etc/passwd\"",
                Some("passwd"),
            ),
            ("attachment; filename=\"..\"", None),
            ("attachment", None),
            ("inline; filename=", None),
        ] {
            assert_eq!(name(value.as_bytes()).as_deref(), expected, "{value}");
        }
        assert_eq!(
            name(b"attachment; filename=\"Pr\xfcf.csv\"").as_deref(),
            Some("Prüf.csv")
        );
    }

    /// F18: names that mean something else on Windows, or look like something else.
    #[test]
    fn a_name_is_a_plain_file_on_every_system() {
        for (given, expected) in [
            ("C:evil.exe", Some("C_evil.exe")),
            ("C:\\\\evil.exe", Some("evil.exe")),
            ("a.txt:stream", Some("a.txt_stream")),
            ("CON", Some("_CON")),
            ("nul.txt", Some("_nul.txt")),
            ("Aux .tar.gz", Some("_Aux .tar.gz")),
            ("com1", Some("_com1")),
            ("LPT².csv", Some("_LPT².csv")),
            ("console.log", Some("console.log")),
            ("com10", Some("com10")),
            ("a.txt. .", Some("a.txt")),
            ("...", None),
            ("\u{202e}gpj.exe", Some("gpj.exe")),
            (".bashrc", Some(".bashrc")),
        ] {
            let header = format!("attachment; filename=\"{given}\"");
            assert_eq!(name(header.as_bytes()).as_deref(), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn no_header_leads_out_of_the_folder(value in proptest::collection::vec(any::<u8>(), 0..80)) {
            let value = [b"attachment; filename=\"".as_slice(), &value].concat();
            if let Some(name) = name(&value) {
                prop_assert!(!name.is_empty() && name != "..");
                prop_assert!(!name.contains(['/', '\\', ':']) && !name.contains(char::is_control));
                prop_assert!(!name.ends_with(['.', ' ']));
            }
        }
    }
}
