//! Parameters in every style: written by `Call`, read back by decoders that
//! know nothing of it.

use std::collections::BTreeMap;

use http::Method;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use sixclicks_core::{Call, Decimal, Form, PathStyle, QueryStyle};

use PathStyle::{Label, Matrix, Simple};
use QueryStyle::{DeepObject, Form as FormStyle, PipeDelimited, SpaceDelimited, TabDelimited};

fn call() -> Call<'static> {
    Call::new(Method::GET, "http://host/base", "styles")
}

/// The query string of one parameter.
fn query<T: Serialize + ?Sized>(style: QueryStyle, explode: bool, value: &T) -> String {
    let url = call()
        .path("/x")
        .query("n", style, explode, Some(value))
        .url();
    url.unwrap().query().unwrap_or_default().to_owned()
}

/// The last path segment, made of one parameter.
fn segment<T: Serialize + ?Sized>(style: PathStyle, explode: bool, value: &T) -> String {
    let url = call()
        .path("/")
        .path_param("n", style, explode, value)
        .url();
    url.unwrap()
        .path()
        .strip_prefix("/base/")
        .unwrap()
        .to_owned()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// The pairs of a query as a server's form parser sees them.
fn decode_pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (decode(name), decode(value))
        })
        .collect()
}

#[derive(Serialize)]
struct Color {
    #[serde(rename = "R")]
    red: i32,
    #[serde(rename = "G")]
    green: Option<i32>,
    name: &'static str,
}

const COLOR: Color = Color {
    red: 100,
    green: None,
    name: "a,b c",
};

#[derive(Serialize)]
enum Level {
    #[serde(rename = "very high")]
    VeryHigh,
}

#[test]
fn scalars_are_written_plainly() {
    assert_eq!(query(FormStyle, true, &true), "n=true");
    assert_eq!(query(FormStyle, true, &1.0), "n=1");
    assert_eq!(query(FormStyle, true, &0.1_f32), "n=0.1");
    assert_eq!(query(FormStyle, true, &1e300), "n=1e300");
    assert_eq!(query(FormStyle, true, &-5), "n=-5");
    assert_eq!(query(FormStyle, true, &u64::MAX), format!("n={}", u64::MAX));
    assert_eq!(query(FormStyle, true, ""), "n=");
    assert_eq!(
        query(FormStyle, true, "a b&c=d+é"),
        "n=a%20b%26c%3Dd%2B%C3%A9"
    );
    assert_eq!(query(FormStyle, true, &Level::VeryHigh), "n=very%20high");
    let decimal: Decimal = "1.10".parse().unwrap();
    assert_eq!(query(FormStyle, true, &decimal), "n=1.10");
    assert_eq!(query(FormStyle, true, &None::<i32>), "");
    assert_eq!(query(FormStyle, true, &()), "");
}

#[test]
fn a_parameter_that_is_no_number_is_an_error_that_names_it() {
    let url = call()
        .path("/x")
        .query("limit", FormStyle, true, Some(&f64::NAN))
        .url();
    assert_eq!(
        url.unwrap_err(),
        "query parameter \"limit\": NaN cannot be sent as a number"
    );
}

#[test]
fn query_styles_are_those_of_openapi() {
    let list = ["blue", "a,b"];
    assert_eq!(query(FormStyle, true, &list), "n=blue&n=a%2Cb");
    assert_eq!(query(FormStyle, false, &list), "n=blue,a%2Cb");
    assert_eq!(query(SpaceDelimited, false, &list), "n=blue%20a%2Cb");
    assert_eq!(query(PipeDelimited, false, &list), "n=blue%7Ca%2Cb");
    assert_eq!(query(TabDelimited, false, &list), "n=blue%09a%2Cb");
    assert_eq!(query(SpaceDelimited, true, &list), "n=blue&n=a%2Cb");
    assert_eq!(query(FormStyle, true, &COLOR), "R=100&name=a%2Cb%20c");
    assert_eq!(query(FormStyle, false, &COLOR), "n=R,100,name,a%2Cb%20c");
    assert_eq!(
        query(DeepObject, true, &COLOR),
        "n%5BR%5D=100&n%5Bname%5D=a%2Cb%20c"
    );
    for style in [FormStyle, SpaceDelimited, DeepObject] {
        assert_eq!(query(style, true, &[(); 0]), "");
        assert_eq!(query(style, false, &json!([null])), "");
        assert_eq!(query(style, false, &json!({})), "");
    }
}

#[test]
fn deep_objects_nest_the_way_asp_net_reads_them() {
    let filter = json!({
        "a": {"b": 1, "none": null},
        "ids": [1, 2],
        "items": [{"k": "v"}, {"k": "w"}],
    });
    let pairs = decode_pairs(&query(DeepObject, true, &filter));
    let expected = [
        ("n[a][b]", "1"),
        ("n[ids]", "1"),
        ("n[ids]", "2"),
        ("n[items][0][k]", "v"),
        ("n[items][1][k]", "w"),
    ];
    assert_eq!(pairs, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
}

#[test]
fn bound_objects_and_maps_are_named_the_way_asp_net_binds_them() {
    use QueryStyle::{Dotted, Keyed};
    let filter = json!({
        "range": {"low": 1, "none": null},
        "ids": [1, null, 2],
        "rows": [{"id": 4}, null, {}, {"none": null}, {"id": 5, "tags": ["a", "b"]}],
        "labels": {"a.b": {"x": 1}, "c": null},
    });
    let named = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    };
    let expected = [
        ("n.range.low", "1"),
        ("n.ids", "1"),
        ("n.ids", "2"),
        ("n.rows[0].id", "4"),
        ("n.rows[1].id", "5"),
        ("n.rows[1].tags", "a"),
        ("n.rows[1].tags", "b"),
        ("n.labels[0].Key", "a.b"),
        ("n.labels[0].Value.x", "1"),
    ];
    let pairs = decode_pairs(&query(Dotted, true, &filter));
    assert_eq!(pairs, named(&expected));

    let pairs = decode_pairs(&query(Keyed, true, &json!({"a": {"low": 1}, "b": [1, 2]})));
    let expected = [("n[a].low", "1"), ("n[b]", "1"), ("n[b]", "2")];
    assert_eq!(pairs, named(&expected));
    let pairs = decode_pairs(&query(Keyed, true, &json!({"a]": 1})));
    assert_eq!(pairs, named(&[("n[0].Key", "a]"), ("n[0].Value", "1")]));
    assert_eq!(query(Dotted, true, "x"), "n=x");
    for style in [Dotted, Keyed] {
        assert_eq!(query(style, true, &json!({})), "");
        assert_eq!(query(style, true, &json!([])), "");
    }
}

#[test]
fn reserved_characters_stay_where_they_are_allowed() {
    let url = call()
        .path("/x")
        .query_reserved("$filter", FormStyle, true, Some("a/b?c=d:e&f#g+h i%20"))
        .url()
        .unwrap();
    assert_eq!(url.query(), Some("$filter=a/b?c=d:e%26f%23g%2Bh%20i%2520"));
}

#[test]
fn parameters_of_a_media_type_are_json() {
    let filter = json!({"a": [1, "x"], "price": 1.5});
    let url = call()
        .path("/")
        .path_param_json("p", &[1, 2])
        .query_json("q", Some(&filter))
        .query_json("none", None::<&Value>)
        .url()
        .unwrap();
    assert_eq!(decode(url.path()), "/base/[1,2]");
    let [(name, json)] = &decode_pairs(url.query().unwrap())[..] else {
        panic!("{url}")
    };
    assert_eq!(
        (name.as_str(), json.parse::<Value>().unwrap()),
        ("q", filter)
    );
}

#[test]
fn path_styles_are_those_of_openapi() {
    let list = ["blue", "black"];
    let table: [(PathStyle, bool, &str, &str, &str); 6] = [
        (Simple, false, "x%20y", "blue,black", "R,100,name,a%2Cb%20c"),
        (Simple, true, "x%20y", "blue,black", "R=100,name=a%2Cb%20c"),
        (
            Label,
            false,
            ".x%20y",
            ".blue,black",
            ".R,100,name,a%2Cb%20c",
        ),
        (
            Label,
            true,
            ".x%20y",
            ".blue.black",
            ".R=100.name=a%2Cb%20c",
        ),
        (
            Matrix,
            false,
            ";n=x%20y",
            ";n=blue,black",
            ";n=R,100,name,a%2Cb%20c",
        ),
        (
            Matrix,
            true,
            ";n=x%20y",
            ";n=blue;n=black",
            ";R=100;name=a%2Cb%20c",
        ),
    ];
    for (style, explode, scalar, array, object) in table {
        assert_eq!(segment(style, explode, "x y"), scalar);
        assert_eq!(segment(style, explode, &list), array);
        assert_eq!(segment(style, explode, &COLOR), object);
    }
    assert_eq!(segment(Matrix, true, ""), ";n");
}

#[test]
fn lists_in_a_path_have_the_delimiter_of_their_style() {
    for (style, expected) in [
        (PathStyle::SpaceDelimited, "a%20b%7Cc"),
        (PathStyle::PipeDelimited, "a%7Cb%7Cc"),
        (PathStyle::TabDelimited, "a%09b%7Cc"),
    ] {
        assert_eq!(segment(style, false, &["a", "b|c"]), expected);
        assert_eq!(segment(style, false, &1), "1");
    }
}

#[test]
fn a_path_value_never_leads_to_another_route() {
    let path = |value: &str| {
        call()
            .path("/a/")
            .path_param("id", Simple, false, value)
            .path("/b")
            .url()
    };
    assert_eq!(
        path("x/../y?z#").unwrap().path(),
        "/base/a/x%2F..%2Fy%3Fz%23/b"
    );
    assert_eq!(path("").unwrap_err(), "path parameter \"id\" is empty");
    for dots in [".", ".."] {
        let error = path(dots).unwrap_err();
        assert!(error.ends_with("which URLs take for a folder"), "{error}");
    }
    // Beside other text in its segment an odd value does no harm.
    let odata = |value: &str| {
        call()
            .path("/Users('")
            .path_param("id", Simple, false, value)
            .path("')")
            .url()
            .unwrap()
    };
    assert_eq!(decode(odata("").path()), "/base/Users('')");
    assert_eq!(decode(odata("..").path()), "/base/Users('..')");
    let null = call()
        .path("/")
        .path_param("id", Simple, false, &None::<i32>)
        .url();
    assert_eq!(null.unwrap_err(), "path parameter \"id\" is null");
}

#[test]
fn optional_segments_go_with_their_slash_and_catch_alls_keep_theirs() {
    let optional = |value: Option<&str>| {
        call()
            .path("/a/")
            .path_param_opt("v", Simple, false, value)
            .path("/b")
            .url()
            .unwrap()
    };
    assert_eq!(optional(Some("1")).path(), "/base/a/1/b");
    assert_eq!(optional(None).path(), "/base/a/b");
    let rest = |value: &str| {
        let call = call().path("/files/");
        call.path_param_rest("path", Simple, false, value).url()
    };
    assert_eq!(rest("a b/c#/d").unwrap().path(), "/base/files/a%20b/c%23/d");
    assert_eq!(rest("").unwrap().path(), "/base/files/");
    assert!(rest("a/../b").is_err());
    let list = call()
        .path("/files/")
        .path_param_rest("path", Simple, false, &["a/b", "c,d"]);
    assert_eq!(list.url().unwrap().path(), "/base/files/a/b,c%2Cd");
    let none = call()
        .path("/files/")
        .path_param_rest_opt("path", Simple, false, None::<&str>);
    assert_eq!(none.url().unwrap().path(), "/base/files");
}

#[test]
fn base_and_path_join_with_one_slash() {
    let url = |base: &str, path: &str| {
        let call = Call::new(Method::GET, base, "x").path(path);
        call.query("q", FormStyle, true, Some(&1)).url()
    };
    assert_eq!(url("http://h", "/a").unwrap().as_str(), "http://h/a?q=1");
    assert_eq!(
        url("http://h/base/", "/a").unwrap().as_str(),
        "http://h/base/a?q=1"
    );
    assert_eq!(
        url("http://h", "/a?fixed=1").unwrap().as_str(),
        "http://h/a?fixed=1&q=1"
    );
    assert_eq!(
        url("http://h", "/a#other").unwrap().as_str(),
        "http://h/a%23other?q=1"
    );
    assert!(
        url("api.example.com", "/a")
            .unwrap_err()
            .contains("the base URL must be like https://host")
    );
}

#[test]
fn forms_encode_like_queries() {
    let form = Form::new()
        .field("list", FormStyle, false, Some(&["a,b", "c"]))
        .field("deep", DeepObject, true, Some(&json!({"k": {"l": 1}})))
        .field_json("json", Some(&json!({"k": 1})))
        .field("none", FormStyle, true, None::<&str>);
    assert_eq!(
        form.as_str(),
        Ok("list=a%2Cb,c&deep%5Bk%5D%5Bl%5D=1&json=%7B%22k%22%3A1%7D")
    );
    let contents = Form::new()
        .field_content("object", Some(&json!({"k": 1})))
        .field_content("list", Some(&json!([{"k": 1}, null, "x"])))
        .field_content("text", Some("a b"))
        .field_content("none", None::<&str>);
    assert_eq!(
        contents.as_str(),
        Ok("object=%7B%22k%22%3A1%7D&list=%7B%22k%22%3A1%7D&list=x&text=a%20b")
    );
    let failed = Form::new().field("x", FormStyle, true, Some(&f32::INFINITY));
    assert_eq!(
        failed.as_str(),
        Err("form field \"x\": inf cannot be sent as a number")
    );
}

fn object() -> impl Strategy<Value = BTreeMap<String, String>> {
    proptest::collection::btree_map("[^\\[\\]\u{0}-\u{1f}]{1,8}", any::<String>(), 0..5)
}

proptest! {
    #[test]
    fn any_text_survives_every_query_style(text: String) {
        for (style, explode) in [(FormStyle, true), (FormStyle, false), (SpaceDelimited, false), (DeepObject, true)] {
            prop_assert_eq!(decode_pairs(&query(style, explode, &text)), [("n".to_owned(), text.clone())]);
        }
        let url = call().path("/x").query_reserved("n", FormStyle, true, Some(&text)).url().unwrap();
        prop_assert_eq!(decode_pairs(url.query().unwrap()), [("n".to_owned(), text.clone())]);
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn any_list_survives(list in proptest::collection::vec(any::<String>(), 1..5)) {
        let exploded = decode_pairs(&query(FormStyle, true, &list));
        prop_assert!(exploded.iter().all(|(name, _)| name == "n"));
        let values: Vec<String> = exploded.into_iter().map(|(_, value)| value).collect();
        prop_assert_eq!(&values, &list);

        let joined = query(FormStyle, false, &list);
        let values: Vec<String> = joined.strip_prefix("n=").unwrap().split(',').map(decode).collect();
        prop_assert_eq!(&values, &list);
    }

    #[test]
    fn delimited_lists_survive_without_their_delimiter(list in proptest::collection::vec("[^ |\t]{0,6}", 1..5)) {
        for (style, delimiter) in [(SpaceDelimited, ' '), (PipeDelimited, '|'), (TabDelimited, '\t')] {
            let [(_, value)] = &decode_pairs(&query(style, false, &list))[..] else { panic!() };
            let values: Vec<&str> = value.split(delimiter).collect();
            prop_assert_eq!(&values, &list);
        }
    }

    #[test]
    fn any_object_survives(object in object()) {
        let exploded: BTreeMap<_, _> = decode_pairs(&query(FormStyle, true, &object)).into_iter().collect();
        prop_assert_eq!(&exploded, &object);

        let deep: BTreeMap<_, _> = decode_pairs(&query(DeepObject, true, &object)).into_iter().map(|(name, value)| {
            let member = name.strip_prefix("n[").and_then(|name| name.strip_suffix(']')).unwrap();
            (member.to_owned(), value)
        }).collect();
        prop_assert_eq!(&deep, &object);

        let joined = query(FormStyle, false, &object);
        let parts: Vec<String> = joined.strip_prefix("n=").map(|text| text.split(',').map(decode).collect()).unwrap_or_default();
        let flat: BTreeMap<_, _> = parts.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        prop_assert_eq!(&flat, &object);
    }

    #[test]
    fn any_path_value_survives(text in ".{1,12}", list in proptest::collection::vec("[^.]{1,6}", 1..4)) {
        prop_assume!(text != "." && text != "..");
        prop_assert_eq!(decode(&segment(Simple, false, &text)), text.clone());
        prop_assert_eq!(decode(segment(Label, false, &text).strip_prefix('.').unwrap()), text.clone());
        prop_assert_eq!(decode(segment(Matrix, false, &text).strip_prefix(";n=").unwrap()), text);

        let split = |text: &str, separator: char| -> Vec<String> { text.split(separator).map(decode).collect() };
        prop_assert_eq!(&split(&segment(Simple, true, &list), ','), &list);
        prop_assert_eq!(&split(segment(Label, true, &list).strip_prefix('.').unwrap(), '.'), &list);
        prop_assert_eq!(&split(segment(Matrix, false, &list).strip_prefix(";n=").unwrap(), ','), &list);
        let exploded = segment(Matrix, true, &list);
        let values: Vec<String> = exploded.split(';').skip(1).map(|pair| decode(pair.strip_prefix("n=").unwrap())).collect();
        prop_assert_eq!(&values, &list);
    }

    #[test]
    fn any_name_survives(name in "[^\u{0}-\u{1f}]{1,12}", value in any::<i64>()) {
        let url = call().path("/x").query(&name, FormStyle, true, Some(&value)).url().unwrap();
        prop_assert_eq!(decode_pairs(url.query().unwrap()), [(name, value.to_string())]);
    }
}
