//! Names of operations that the vendor gave none, from the method and the path alone: they
//! read as a person would choose, and two operations have the same one only where a person
//! would give them the same too. So no operation's name depends on its neighbours.

use super::super::paths::{Piece, parse};
use super::words::{Family, family, is_plural, singular};
use crate::ident;

/// A name from method and path: `list_orders`, `get_order_by_id`, `list_order_lines`,
/// `account_reset_password`. The version that is left out is the lowest in the document.
pub fn name(method: &str, path: &str, version: Option<&str>) -> String {
    let mut path = Words::read(path, Leaving::Version(version));
    for prefix in [&["api", "services", "app"][..], &["api"]] {
        let words = &path.words;
        if words.len() > prefix.len() && words.iter().zip(prefix).all(|(w, p)| w == p) {
            path.words.drain(..prefix.len());
            break;
        }
    }
    if path.words.len() > 1 && path.words[0].ends_with("_api") {
        path.words.remove(0);
    }
    path.named(method)
}

/// A name in which nothing of the path is left out, for an operation whose name is taken.
pub fn whole_name(method: &str, path: &str) -> String {
    let path = Words::read(path, Leaving::Nothing);
    format!("{}_{}", verb(method), path.joined())
}

/// The lowest version in the segments of paths, as it is written there. One that is added
/// to a document is higher, so that the names for the one before it stay.
pub fn lowest_version<'a>(paths: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let number = |segment: &str| -> Vec<u64> {
        let digits = segment.trim_start_matches(['v', 'V']).split('.');
        digits.filter_map(|part| part.parse().ok()).collect()
    };
    paths
        .flat_map(|path| path.split('/'))
        .filter(|segment| is_version(segment) && segment.len() > 1)
        .min_by_key(|segment| number(segment))
}

/// What of a path says nothing about what is done.
#[derive(Clone, Copy)]
enum Leaving<'a> {
    Nothing,
    Version(Option<&'a str>),
}

/// A path as words.
#[derive(Default)]
struct Words {
    words: Vec<String>,
    /// Parameters at the path's end.
    by: Vec<String>,
    /// Parameters elsewhere that no word stands for.
    of: Vec<String>,
}

impl Words {
    /// With everything in its place, or so that the plural before a parameter in the middle
    /// (`orders/{id}/lines`) is one of them (`order_lines`).
    fn read(path: &str, leaving: Leaving<'_>) -> Self {
        let mut read = Self::default();
        let whole = matches!(leaving, Leaving::Nothing);
        let left_out = |segment: &str| match leaving {
            Leaving::Nothing => false,
            Leaving::Version(version) => {
                is_version(segment) && (segment.len() == 1 || Some(segment) == version)
            }
        };
        for piece in parse(path) {
            match piece {
                Piece::Literal(text) => {
                    let words: Vec<String> = query_less(&text, whole)
                        .split(['/', '?', '&', '='])
                        .filter(|segment| segment.chars().any(char::is_alphanumeric))
                        .filter(|segment| !left_out(segment))
                        .map(ident::snake_part)
                        .collect();
                    if !words.is_empty() {
                        read.pass(whole);
                        read.words.extend(words);
                    }
                }
                Piece::Parameter { name, .. } => {
                    if whole || !name.to_lowercase().ends_with("version") {
                        read.by.push(ident::snake_part(&name));
                    }
                }
            }
        }
        read
    }

    /// More words follow, so that the parameters so far are not at the end.
    fn pass(&mut self, whole: bool) {
        let mut passed = std::mem::take(&mut self.by);
        if passed.is_empty() {
            return;
        }
        if whole {
            self.words.push(format!("by_{}", passed.join("_and_")));
            return;
        }
        if let Some(one) = self.words.last().and_then(|word| singular(word)) {
            self.words.pop();
            self.words.push(one);
            passed.remove(0);
        }
        self.of.extend(passed);
    }

    /// The name, with the word for the method before it unless the path says what is done.
    fn named(mut self, method: &str) -> String {
        let last = self.words.last().cloned().unwrap_or_default();
        if goes_with(&last, method) {
            return ident::snake_name(&self.joined());
        }
        let all = self.by.is_empty();
        let verb = match method {
            "get" if all && is_plural(&last) => "list",
            "post" if all && is_plural(&last) => "create",
            method => verb(method),
        };
        let one = singular(&last).filter(|_| verb == "create" || !all);
        if let (Some(one), Some(word)) = (one, self.words.last_mut()) {
            *word = one;
        }
        format!("{verb}_{}", self.joined())
    }

    fn joined(&self) -> String {
        let mut words = self.words.clone();
        if words.is_empty() && self.by.is_empty() && self.of.is_empty() {
            words.push("root".to_owned());
        }
        for (word, parameters) in [("by", &self.by), ("for", &self.of)] {
            if !parameters.is_empty() {
                words.push(word.to_owned());
                words.push(parameters.join("_and_"));
            }
        }
        words.join("_")
    }
}

/// A path may have a query; it counts when it has values, which tell operations apart.
fn query_less(text: &str, whole: bool) -> &str {
    match text.split_once('?') {
        Some((before, query)) if !whole && !query.contains('=') => before,
        _ => text,
    }
}

/// A segment such as `v1`, `1.0` or `v3.1`, or the `v` of `v{version}`.
fn is_version(segment: &str) -> bool {
    let digits = segment.trim_start_matches(['v', 'V']);
    if digits.is_empty() {
        return segment.len() == 1;
    }
    digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && (digits.contains('.') || segment.len() > digits.len())
}

/// Whether a path that ends in this word is called with this method as a matter of course.
/// `search` and `get_orders` may be there for `GET` and for `POST`, so that the latter's name
/// says that it is one, even where it is alone.
fn goes_with(word: &str, method: &str) -> bool {
    match family(word) {
        None => false,
        Some(Family::Read) => matches!(method, "get" | "query"),
        Some(Family::Act) => method == "post",
        Some(Family::Change) => matches!(method, "post" | "put" | "patch"),
        Some(Family::Remove) => matches!(method, "post" | "delete"),
    }
}

fn verb(method: &str) -> &str {
    match method {
        "put" => "update",
        method => method,
    }
}

#[cfg(test)]
mod tests {
    use super::{lowest_version, name, whole_name};

    #[test]
    fn names_read_as_a_person_would_choose() {
        for (method, path, expected) in [
            (
                "get",
                "/assessments-api/1.0/assessments",
                "list_assessments",
            ),
            ("get", "/api/v3/series", "list_series"),
            ("get", "/api/v3/series/{id}", "get_series_by_id"),
            (
                "get",
                "/api/v3/series/{id}/episodes",
                "list_series_episodes_for_id",
            ),
            ("get", "/api/services/app/User/GetAll", "user_get_all"),
            ("delete", "/api/services/app/User/Delete", "user_delete"),
            ("put", "/api/services/app/User/Update", "user_update"),
            ("get", "/api/User/Get/{id}", "user_get_by_id"),
            (
                "post",
                "/api/v{version}/Account/reset-password",
                "account_reset_password",
            ),
            (
                "post",
                "/api/TokenAuth/Authenticate",
                "token_auth_authenticate",
            ),
            ("post", "/api/v1/orders", "create_order"),
            ("get", "/api/v1/orders/{id}", "get_order_by_id"),
            ("put", "/api/v1/orders/{id}", "update_order_by_id"),
            ("get", "/api/v1/orders/{id}/lines", "list_order_lines"),
            (
                "delete",
                "/api/v1/orders/{orderId}/lines/{lineId}",
                "delete_order_line_by_line_id",
            ),
            ("get", "/{tenant}/orders", "list_orders_for_tenant"),
            (
                "get",
                "/categories/{id}/addresses",
                "list_category_addresses",
            ),
            ("get", "/api/system/status", "get_system_status"),
            ("post", "/login", "login"),
            ("get", "/", "get_root"),
            ("get", "/{id}", "get_by_id"),
            ("post", "/par/account/1/0/check", "par_account_1_0_check"),
            ("get", "/2fa/1/export", "x2fa_1_export"),
        ] {
            let version = lowest_version([path].into_iter());
            assert_eq!(name(method, path, version), expected, "{method} {path}");
        }
    }

    #[test]
    fn only_the_lowest_version_is_left_out() {
        let paths = ["/api/v10/orders", "/api/v2/orders", "/api/orders"];
        let version = lowest_version(paths.into_iter());
        assert_eq!(version, Some("v2"));
        let names = paths.map(|path| name("get", path, version));
        assert_eq!(names, ["list_v10_orders", "list_orders", "list_orders"]);
    }

    #[test]
    fn operations_that_are_likely_neighbours_have_names_of_their_own() {
        let mut names = Vec::new();
        for path in [
            "/orders",
            "/orders/lines",
            "/orders/{id}",
            "/orders/{id}/lines",
            "/orders/{id}/lines/{line}",
            "/orders/lines/{line}",
            "/Account/{id}/roles",
            "/Account/roles",
            "/Account/roles/{id}",
            "/{tenant}/orders",
            "/orders/search",
            "/orders/search/{text}",
            "/orders/update",
            "/orders/{id}/update",
            "/services/orders/GetAll",
        ] {
            for method in ["get", "post"] {
                names.push(name(method, path, None));
            }
        }
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{names:#?}");
    }

    #[test]
    fn a_whole_name_keeps_what_the_short_one_leaves_out() {
        assert_eq!(
            whole_name("get", "/api/v2/{tenant}/orders/{id}/lines"),
            "get_api_v2_by_tenant_orders_by_id_lines"
        );
    }
}
