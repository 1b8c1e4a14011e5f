//! The parts of a path: what leads every path of the API, such as `api` and the version, and the
//! words and parameters after it.

use std::collections::BTreeSet;

use super::words::Glued;

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A segment that is sent as it stands, as words.
    Literal(Vec<String>),
    /// A segment with a parameter, by its name.
    Parameter(String),
}

/// First segments that name no resource if one follows.
const LEADING: [&str; 4] = ["api", "apis", "rest", "odata"];

/// What ABP writes after `api`.
const AFTER_API: [&str; 2] = ["services", "app"];

/// The segments of a path.
pub fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/').filter(|segment| !segment.is_empty())
}

/// The name of the parameter in a segment.
pub fn parameter(segment: &str) -> Option<&str> {
    let (_, rest) = segment.split_once('{')?;
    Some(
        rest.split(['}', ':', '?', '='])
            .next()
            .unwrap_or(rest)
            .trim_start_matches('*'),
    )
}

/// Whether a segment is a version: `v1`, `1.0`, `v{version}`, `2025-07`.
pub fn is_version(segment: &str) -> bool {
    if let Some(name) = parameter(segment) {
        let name = name.to_lowercase();
        return name == "version" || name == "api-version" || name == "apiversion";
    }
    let digits = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(number)
        && (digits.len() < segment.len() || digits.contains(['.', '-']))
}

/// Whether the segment at `at` names an API and no resource: `api`, `assessments-api`.
fn is_api(segments: &[&str], at: usize) -> bool {
    let lower = segments[at].to_lowercase();
    if lower == "api" {
        return true;
    }
    let follows = segments[at + 1..]
        .iter()
        .any(|segment| parameter(segment).is_none() && !is_version(segment));
    let after_api = at > 0 && segments[0].eq_ignore_ascii_case("api");
    let known = LEADING.contains(&lower.as_str()) || lower.ends_with("api");
    follows && (known || after_api && AFTER_API.contains(&lower.as_str()))
}

/// How many segments lead a path before its first resource. `shared` are the segments that all
/// paths of the API begin with.
pub fn lead(path: &str, shared: &[String]) -> usize {
    let segments: Vec<&str> = segments(path).collect();
    let mut lead = 0;
    for (at, segment) in segments.iter().enumerate() {
        // What stands before a version that all paths have is the API's name.
        let shared_version =
            at < shared.len() && shared[at..].iter().any(|segment| is_version(segment));
        let dotted = at < shared.len() && segment.contains('.');
        // `/feed/v3/calendar` begins with an API's name, too.
        let before_version = at == 0
            && segments.len() > 2
            && parameter(segment).is_none()
            && is_version(segments[1]);
        if is_version(segment)
            || is_api(&segments, at)
            || shared_version
            || dotted
            || before_version
        {
            lead = at + 1;
        } else {
            break;
        }
    }
    // `/accounts/{accountId}` before everything else says whose things they are.
    while lead + 2 < segments.len()
        && shared.len() >= lead + 2
        && parameter(segments[lead]).is_none()
        && parameter(segments[lead + 1]).is_some()
    {
        lead += 2;
    }
    lead.min(segments.len())
}

/// The segments that all these paths begin with, where each has more after them. If they all go
/// on in the same way, what they share is the version and what stands before it.
pub fn shared<'a>(paths: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut shared: Option<Vec<&str>> = None;
    for path in paths.clone() {
        let mut segments: Vec<&str> = segments(path).collect();
        segments.pop();
        shared = Some(match shared {
            None => segments,
            Some(before) => {
                let same = before.iter().zip(&segments).take_while(|(a, b)| a == b);
                let length = same.count();
                before[..length].to_vec()
            }
        });
    }
    let mut shared = shared.unwrap_or_default();
    let next: BTreeSet<&str> = paths
        .filter_map(|path| segments(path).nth(shared.len()))
        .collect();
    if next.len() < 2 {
        let version = shared.iter().rposition(|segment| is_version(segment));
        shared.truncate(version.map_or(0, |at| at + 1));
    }
    shared.into_iter().map(str::to_owned).collect()
}

/// The parts of a path after what leads it.
pub fn parts(path: &str, lead: usize, glued: &Glued) -> Vec<Part> {
    let mut parts = Vec::new();
    for segment in segments(path).skip(lead) {
        let Some(name) = parameter(segment) else {
            // `/orders:estimate` is a verb on the orders.
            let literals = segment
                .split(':')
                .map(|text| Part::Literal(glued.split(text)));
            parts.extend(literals);
            continue;
        };
        // `Orders({id})`: a name may stand before the parameter.
        let before = segment.split('{').next().unwrap_or_default();
        let words = glued.split(before);
        if !words.is_empty() && before.len() > 1 {
            parts.push(Part::Literal(words));
        }
        parts.push(Part::Parameter(name.to_owned()));
        // `/orders/{id}:cancel`.
        let after = segment.rsplit('}').next().unwrap_or_default();
        if let Some(verb) = after.strip_prefix(':') {
            parts.push(Part::Literal(glued.split(verb)));
        }
    }
    parts.retain(|part| !matches!(part, Part::Literal(words) if words.is_empty()));
    parts
}
