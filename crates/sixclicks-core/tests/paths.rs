//! Whatever a value is, a request goes to the operation that the document means.

use http::Method;
use proptest::prelude::*;
use sixclicks_core::{Call, PathStyle, QueryStyle};

fn call() -> Call<'static> {
    Call::new(Method::GET, "https://h.example/base", "op")
}

fn with_path(style: PathStyle, value: &str) -> Result<reqwest::Url, String> {
    call()
        .path("/a/")
        .path_param("p", style, false, value)
        .path("/z")
        .url()
}

#[test]
fn values_that_urls_take_for_folders_are_refused() {
    for value in ["..", ".", ""] {
        assert!(with_path(PathStyle::Simple, value).is_err(), "{value:?}");
    }
    let two = call()
        .path("/f/")
        .path_param("a", PathStyle::Simple, false, ".")
        .path_param("b", PathStyle::Simple, false, ".")
        .path("/z");
    assert!(two.url().is_err());
    for value in ["..", "a/../b", "/../x", "..\\x"] {
        let rest = call()
            .path("/files/")
            .path_param_rest("p", PathStyle::Simple, false, value);
        if let Ok(url) = rest.url() {
            assert!(
                url.path().starts_with("/base/files/"),
                "{url} for {value:?}"
            );
        }
    }
}

#[test]
fn links_of_a_server_stay_on_the_host() {
    for link in [
        "https://evil.example/x",
        "//evil.example/x",
        "\\\\evil.example\\x",
        "/ok?a=1",
        "http://h.example:81/x",
        "https://user:pw@h.example/x",
        "https://h.example.evil.example/",
        "\t//evil.example/x",
    ] {
        let linked = call().path("/x").at_link(Some(link.to_owned()));
        if let Ok(url) = linked.url() {
            let origin = url.origin().ascii_serialization();
            assert_eq!(origin, "https://h.example", "{link:?}");
            assert_eq!((url.username(), url.password()), ("", None), "{link:?}");
        }
    }
}

/// Characters that mean something in URLs, and any others.
const ODD: &str = "(?s)(\\.|%|2|e|E|/|\\\\|\t|\n|\r| |\\?|#|&|=|;|:|@|\\PC|.){0,8}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..Default::default() })]

    #[test]
    fn a_value_stays_one_segment(value in ODD) {
        if let Ok(url) = with_path(PathStyle::Simple, &value) {
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 4, "{} for {:?}", url, value);
            prop_assert_eq!((segments[0], segments[1], segments[3]), ("base", "a", "z"));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
            prop_assert_eq!(url.host_str(), Some("h.example"));
        }
    }

    #[test]
    fn a_query_value_stays_one_pair(name in "\\PC{1,6}", value in "(?s).{0,12}", reserved: bool) {
        let call = call().path("/x");
        let call = match reserved {
            true => call.query_reserved("q", QueryStyle::Form, true, Some(value.as_str())),
            false => call.query("q", QueryStyle::Form, true, Some(value.as_str())),
        };
        let url = call.query("last", QueryStyle::Form, true, Some(&name)).url().unwrap();
        let pairs: Vec<_> = url.query_pairs().collect();
        prop_assert_eq!(pairs.len(), 2, "{}", url);
        prop_assert_eq!(&pairs[0].1, &value, "{}", url);
        prop_assert!(url.fragment().is_none());
    }

    #[test]
    fn a_rest_stays_below(value in ODD) {
        let rest = call().path("/files/").path_param_rest("p", PathStyle::Simple, false, &value);
        if let Ok(url) = rest.url() {
            prop_assert!(url.path().starts_with("/base/files/"), "{} for {:?}", url, value);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
