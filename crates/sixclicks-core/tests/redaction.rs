//! Secrets are found however a server escapes them.

use proptest::prelude::*;
use sixclicks_core::Redactor;

/// One way to write a character of a secret.
fn escaped(character: char, way: u8) -> String {
    let code = u32::from(character);
    match way % 10 {
        0 => format!("\\u{code:04x}"),
        1 => format!("\\u{code:04X}"),
        2 => format!("&#{code};"),
        3 => format!("&#x{code:X};"),
        4 => format!("&#X00{code:x};"),
        5 => format!("%{code:02X}"),
        6 => format!("%{code:02x}"),
        7 => format!("\\x{code:02x}"),
        8 if !character.is_ascii_alphanumeric() => format!("\\{character}"),
        _ => character.to_string(),
    }
}

fn utf16(text: &str, little_endian: bool) -> Vec<u8> {
    let bytes = |unit: u16| {
        if little_endian {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    };
    text.encode_utf16().flat_map(bytes).collect()
}

proptest! {
    #[test]
    fn a_secret_is_found_in_every_spelling(
        secret in "[A-Za-z0-9+/=_.-]{8,40}",
        ways in proptest::collection::vec(any::<u8>(), 40),
        encoding in 0..3_u8,
        twice in any::<bool>(),
    ) {
        let mut spelled: String = secret.chars().zip(&ways).map(|(c, way)| escaped(c, *way)).collect();
        if twice {
            spelled = serde_json::Value::String(spelled).to_string();
        }
        let text = format!("<error>The key: {spelled} is unknown</error>");
        let body = match encoding {
            0 => text.into_bytes(),
            1 => utf16(&text, true),
            _ => utf16(&text, false),
        };
        let clean = Redactor::new([secret.as_str()]).bytes(&body).into_owned();
        let rest: Vec<u8> = clean.iter().copied().filter(|byte| *byte != 0).collect();
        let rest = String::from_utf8_lossy(&rest).into_owned();
        prop_assert!(rest.starts_with("<error>The key: "), "{rest}");
        prop_assert!(rest.ends_with(" is unknown</error>"), "{rest}");
        prop_assert!(!rest.contains(&spelled), "{rest}");
        prop_assert!(rest.contains('…') || rest.contains("********"), "{rest}");
    }

    #[test]
    fn any_body_is_read_and_one_without_a_secret_stays(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let clean = Redactor::new(["a secret that no random body contains"]).bytes(&body).into_owned();
        prop_assert_eq!(clean, body);
    }
}

#[test]
fn several_secrets_and_headers_are_cleaned() {
    let redactor = Redactor::new(["first-key", ""]).with(["second-key"]);
    assert_eq!(redactor.text("first-key, second-key, third"), "…, …, third");
    let mut headers = http::HeaderMap::new();
    headers.insert("x-echo", "key=first%2Dkey".parse().expect("a value"));
    headers.insert("x-other", "third".parse().expect("a value"));
    redactor.headers(&mut headers);
    assert_eq!(headers["x-echo"], "(removed)");
    assert_eq!(headers["x-other"], "third");
}
