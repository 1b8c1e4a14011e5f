//! Path templates, matched against the paths of requests.

/// A template with the text that stands before it.
#[derive(Clone, Debug)]
pub struct Route {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Parameter(Segment),
}

#[derive(Clone, Debug)]
struct Segment {
    name: String,
    /// Whether the value may hold slashes.
    slashes: bool,
    /// Whether it may be missing at the end of the path, with the slash before it.
    optional: bool,
}

impl Route {
    /// A route from a prefix, such as a base path, and a template.
    pub fn new(prefix: &str, template: &str) -> Self {
        let template = path_of(template);
        let template = if template.len() < 2 && prefix.is_empty() {
            "/"
        } else {
            template
        };
        let slash = |text: &str| {
            let text = text.trim_matches('/');
            if text.is_empty() {
                String::new()
            } else {
                format!("/{text}")
            }
        };
        let end = if template.ends_with('/') { "/" } else { "" };
        let whole = slash(prefix) + &slash(template) + end;
        Self {
            pieces: pieces(&whole),
        }
    }

    /// Lets the value of a parameter hold slashes.
    pub fn keep_slashes(&mut self, parameter: &str) {
        for piece in &mut self.pieces {
            if let Piece::Parameter(segment) = piece
                && segment.name.eq_ignore_ascii_case(parameter)
            {
                segment.slashes = true;
            }
        }
    }

    /// How much literal text there is, and how few parameters.
    pub fn literal(&self) -> (usize, isize) {
        let text = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => text.len(),
            Piece::Parameter(_) => 0,
        });
        (text.sum(), -(self.pieces.len() as isize))
    }

    /// The names of the parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Parameter(segment) => Some(segment.name.as_str()),
        })
    }

    /// The values of the parameters, still encoded. The earlier of two gets what both could
    /// have. This takes a time that grows with the path's length and no faster.
    pub fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        self.values(path)
            .or_else(|| self.without_optional()?.values(path))
    }

    /// The route without its last segment, where that may be missing.
    fn without_optional(&self) -> Option<Self> {
        match self.pieces.as_slice() {
            [before @ .., Piece::Literal(text), Piece::Parameter(last)] if last.optional => {
                let mut pieces = before.to_vec();
                pieces.push(Piece::Literal(text.strip_suffix('/')?.to_owned()));
                Some(Self { pieces })
            }
            _ => None,
        }
    }

    fn values(&self, path: &str) -> Option<Vec<(String, String)>> {
        if let Some(Piece::Literal(text)) = self.pieces.first() {
            strip(path, text)?;
        }
        let ends = self.ends(path);
        let mut found = Vec::new();
        let mut at = 0;
        ends[0][0].then_some(())?;
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(text) => at = path.len() - strip(&path[at..], text)?.len(),
                Piece::Parameter(Segment { name, slashes, .. }) => {
                    let stop = match path[at..].find('/') {
                        Some(slash) if !slashes => at + slash,
                        _ => path.len(),
                    };
                    let end = (at..=stop).rev().find(|end| ends[index + 1][*end])?;
                    found.push((name.clone(), path[at..end].to_owned()));
                    at = end;
                }
            }
        }
        Some(found)
    }

    /// For each piece, and one more, whether it and those after it match the path from each
    /// place on.
    fn ends(&self, path: &str) -> Vec<Vec<bool>> {
        let nothing = vec![false; path.len() + 1];
        let mut ends = vec![nothing; self.pieces.len() + 1];
        ends[self.pieces.len()][path.len()] = true;
        for (index, piece) in self.pieces.iter().enumerate().rev() {
            let mut reached = false;
            for at in (0..=path.len()).rev() {
                if !path.is_char_boundary(at) {
                    continue;
                }
                ends[index][at] = match piece {
                    Piece::Literal(text) => strip(&path[at..], text)
                        .is_some_and(|rest| ends[index + 1][path.len() - rest.len()]),
                    Piece::Parameter(Segment { slashes, .. }) => {
                        let slash = !slashes && path.as_bytes().get(at) == Some(&b'/');
                        reached = (reached && !slash) || ends[index + 1][at];
                        reached
                    }
                };
            }
        }
        ends
    }
}

/// A template up to a query, or a mark that tells operations apart: neither is of the path,
/// but a `#` that ends it, or that has segments or parameters behind it. Within braces, a
/// question mark says that a parameter may be left out.
fn path_of(template: &str) -> &str {
    let mut depth = 0;
    let end = template.char_indices().find(|&(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let mark = |rest: &str| !rest.is_empty() && !rest.contains(['/', '{', '#']);
        depth == 0 && (c == '?' || c == '#' && mark(&template[at + 1..]))
    });
    end.map_or(template, |(end, _)| &template[..end])
}

/// Takes a template apart. What follows the name is a constraint of ASP.NET.
fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let mut depth = 0;
        let end = rest[start..].char_indices().find_map(|(index, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            (depth == 0).then_some(start + index)
        });
        let Some(end) = end else { break };
        literal += &rest[..start];
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        let inner = &rest[start + 1..end];
        let name = inner.trim_start_matches(['*', '+']);
        let stop = name.find([':', '=', '?']).unwrap_or(name.len());
        pieces.push(Piece::Parameter(Segment {
            name: name[..stop].to_owned(),
            slashes: name.len() < inner.len(),
            optional: inner.ends_with('?'),
        }));
        rest = &rest[end + 1..];
    }
    literal += rest;
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    pieces
}

/// What follows a literal, which may be percent-encoded in the path.
fn strip<'a>(path: &'a str, literal: &str) -> Option<&'a str> {
    let (mut path, mut literal) = (path.as_bytes(), literal.as_bytes());
    let whole = path;
    let hex = |c: &u8| char::from(*c).to_digit(16).map(|digit| digit as u8);
    let byte = |text: &[u8]| match text {
        [b'%', a, b, ..] => Some((hex(a)? * 16 + hex(b)?, 3)),
        [c, ..] => Some((*c, 1)),
        [] => None,
    };
    while !literal.is_empty() {
        let ((wanted, a), (found, b)) = (byte(literal)?, byte(path)?);
        // A slash that is encoded belongs to a value.
        let value = found == b'/' && a != b;
        if !wanted.eq_ignore_ascii_case(&found) || value {
            return None;
        }
        literal = &literal[a..];
        path = &path[b..];
    }
    std::str::from_utf8(&whole[whole.len() - path.len()..]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(template: &str, path: &str) -> Option<Vec<String>> {
        let found = Route::new("/base/", template).matches(path)?;
        Some(found.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn parameters_are_segments_parts_of_them_or_the_rest() {
        assert_eq!(values("/a/{id}", "/base/a/7"), Some(vec!["7".into()]));
        assert_eq!(
            values("/a/{id:int}.json", "/base/a/7.json"),
            Some(vec!["7".into()])
        );
        assert_eq!(
            values("/a/{*rest}", "/base/a/7/8"),
            Some(vec!["7/8".into()])
        );
        assert_eq!(values("/a/{id}", "/base/a/7/8"), None);
        assert_eq!(values("/a/{*rest?}", "/base/a"), Some(vec![]));
        assert_eq!(values("/a/{id?}", "/base/a/7"), Some(vec!["7".into()]));
        assert_eq!(values("/a/{id?}/b", "/base/a/b"), None);
        assert_eq!(values("/a/{id}/{more}", "/base/a/7%2F8"), None);
        assert_eq!(
            values("/a/{id?}?b=1#c", "/base/a/7"),
            Some(vec!["7".into()])
        );
        assert_eq!(values("/é/#Save", "/base/%C3%A9/"), Some(vec![]));
        assert_eq!(values("/c#", "/base/c%23"), Some(vec![]));
        assert_eq!(values("/c#/{id}", "/base/c%23/7"), Some(vec!["7".into()]));
        assert_eq!(
            values("/a b/{x}-{y}", "/base/a%20b/1-2"),
            Some(vec!["1".into(), "2".into()])
        );
    }

    #[test]
    fn a_path_that_nearly_matches_in_many_ways_takes_no_time() {
        let template = "/a/".to_owned() + &"{p}-".repeat(12) + "{p}!";
        assert_eq!(
            values(&template, &format!("/base/a/{}", "-".repeat(60_000))),
            None
        );
    }
}
