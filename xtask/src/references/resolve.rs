//! Finds what a reference leads to.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet, VecDeque};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::resources::Resources;
use super::uses::Use;
use crate::openapi::grammar::{Kind, section};
use crate::openapi::pointer::{Pointer, escape, step};

/// How many references a pointer may lead through.
const MOST_JUMPS: usize = 16;

/// How many tokens of a pointer may be the parts of one name with slashes.
const MOST_PARTS: usize = 12;

/// What stands for the schema itself in the pointers of .NET 9.
const ITSELF: [&str; 2] = ["/components/schemas/#", "/definitions/#"];

/// Finds what the references of one document lead to.
pub struct Resolver<'a> {
    document: &'a Value,
    uses: &'a [Use],
    resources: Resources,
    /// For each outermost schema, the outermost schemas that refer to it.
    referring: OnceCell<HashMap<Pointer, Vec<Pointer>>>,
}

/// A reference and where it stands.
#[derive(Clone, Copy)]
struct Reference<'r> {
    text: &'r str,
    at: &'r Pointer,
    root: Option<&'r Pointer>,
    kind: Kind,
    mapped: bool,
}

impl<'a> Resolver<'a> {
    /// A resolver for the document that has these references.
    pub fn new(document: &'a Value, uses: &'a [Use]) -> Self {
        Self {
            document,
            uses,
            resources: Resources::of(document),
            referring: OnceCell::new(),
        }
    }

    /// Whether schemas of the document have names of their own.
    pub fn has_names(&self) -> bool {
        !self.resources.is_empty()
    }

    /// What a reference leads to; nothing for one to another file, or to nowhere.
    pub fn find(&self, used: &Use) -> Option<Pointer> {
        let reference = Reference {
            text: &used.text,
            at: &used.at,
            root: used.root.as_ref(),
            kind: used.kind,
            mapped: used.mapped,
        };
        let mut found = self.resolve(reference, 0)?;
        // A place within a component that only refers to something stands for that.
        for _ in 0..MOST_JUMPS {
            let Some(next) = self.only_refers(&found) else {
                break;
            };
            let reference = Reference {
                text: next,
                at: &found,
                mapped: false,
                ..reference
            };
            match self.resolve(reference, 0).filter(|next| *next != used.at) {
                Some(next) => found = next,
                None => break,
            }
        }
        Some(found)
    }

    /// The reference that a place is, unless it has a name of its own to be referred to.
    fn only_refers(&self, at: &Pointer) -> Option<&'a str> {
        let named = match at.tokens() {
            [] | [_] | [_, _] => true,
            [first, _, _] => first == "components",
            _ => false,
        };
        let map = at.get(self.document)?.as_object()?;
        let target = map.get("$ref")?.as_str()?;
        (!named && map.len() == 1).then_some(target)
    }

    fn resolve(&self, reference: Reference<'_>, jumps: usize) -> Option<Pointer> {
        if jumps > MOST_JUMPS {
            return None;
        }
        let (file, fragment) = match reference.text.split_once('#') {
            Some((file, fragment)) => (file, fragment),
            None => (reference.text, ""),
        };
        let around = self.resources.around(reference.at);
        if !file.is_empty() {
            if let Some(name) = self.by_name(reference) {
                return Some(name);
            }
            let base = self.resources.named(file, around.as_ref())?;
            return self.fragment(&base, fragment, reference, jumps);
        }
        around
            .and_then(|base| self.fragment(&base, fragment, reference, jumps))
            .or_else(|| self.fragment(&Pointer::default(), fragment, reference, jumps))
            .or_else(|| self.moved(fragment, reference.kind))
            .or_else(|| self.of_root(fragment, reference, jumps))
    }

    /// The component that a reference means by its bare name. In a mapping, a bare name is as good
    /// as a reference, so that only a name with a slash is written as one.
    fn by_name(&self, reference: Reference<'_>) -> Option<Pointer> {
        let text = reference.text;
        let bare = match reference.mapped {
            true => text.contains('/'),
            false => {
                let file = [".json", ".yaml", ".yml"];
                !text.contains(['/', '#', ':']) && !file.iter().any(|end| text.ends_with(end))
            }
        };
        bare.then(|| self.component(text, reference.kind)).flatten()
    }

    /// The component of that name, where components of that kind are.
    fn component(&self, name: &str, kind: Kind) -> Option<Pointer> {
        let section = section(kind)?;
        let old = match section {
            "schemas" => Some("definitions"),
            "parameters" | "responses" => Some(section),
            "securitySchemes" => Some("securityDefinitions"),
            _ => None,
        };
        let new = Pointer::new(["components", section, name]);
        let old = old.map(|old| Pointer::new([old, name]));
        [Some(new), old]
            .into_iter()
            .flatten()
            .find(|at| self.exists(at))
    }

    fn exists(&self, at: &Pointer) -> bool {
        at.get(self.document).is_some_and(|found| !found.is_null())
    }

    /// What a fragment means in the resource at `base`.
    fn fragment(
        &self,
        base: &Pointer,
        fragment: &str,
        reference: Reference<'_>,
        jumps: usize,
    ) -> Option<Pointer> {
        let whole_document = base.tokens().is_empty();
        if fragment.is_empty() || fragment == "/" {
            let is_schema = section(reference.kind) == Some("schemas");
            return (!(is_schema && whole_document)).then(|| base.clone());
        }
        let forms = forms(fragment);
        let pointers: Vec<&Pointer> = forms.iter().filter_map(|form| form.1.as_ref()).collect();
        let exact = pointers.iter().find_map(|written| {
            let at = base.after(written);
            self.exists(&at).then_some(at)
        });
        exact
            .or_else(|| {
                let mut pointers = pointers.iter();
                pointers.find_map(|written| self.follow(base, written, reference, jumps))
            })
            .or_else(|| {
                let mut names = forms.iter().filter(|(text, _)| !text.starts_with('/'));
                names.find_map(|(name, _)| self.resources.anchored(name, base))
            })
            .or_else(|| {
                let value = base.get(self.document)?;
                let mut pointers = pointers.iter();
                pointers.find_map(|written| loose(value, written.tokens(), base.clone()))
            })
            .or_else(|| {
                let mut names = forms.iter().filter(|(text, _)| !text.contains('/'));
                names.find_map(|(name, _)| self.component(name, reference.kind))
            })
    }

    /// The real place behind a pointer that leads through other references.
    fn follow(
        &self,
        base: &Pointer,
        written: &Pointer,
        reference: Reference<'_>,
        jumps: usize,
    ) -> Option<Pointer> {
        let mut at = base.clone();
        let mut value = at.get(self.document)?;
        for token in written.tokens() {
            if step(value, token).is_none() {
                let next = Reference {
                    text: value.get("$ref")?.as_str()?,
                    at: &at,
                    mapped: false,
                    ..reference
                };
                at = self.resolve(next, jumps + 1)?;
                value = at.get(self.document)?;
            }
            value = step(value, token)?;
            at.push(token);
        }
        (!value.is_null()).then_some(at)
    }

    /// The component of that name in the section for its kind, where the reference names that of
    /// another version: `#/definitions/Pet` in OpenAPI 3, `#/components/schemas/Pet` in Swagger 2.0.
    fn moved(&self, fragment: &str, kind: Kind) -> Option<Pointer> {
        forms(fragment).iter().find_map(|(_, written)| {
            let name = match written.as_ref()?.tokens() {
                [components, _, name @ ..] if components == "components" => name,
                [old, name @ ..]
                    if [
                        "definitions",
                        "parameters",
                        "responses",
                        "securityDefinitions",
                    ]
                    .contains(&old.as_str()) =>
                {
                    name
                }
                _ => return None,
            };
            self.component(&name.join("/"), kind)
        })
    }

    /// What a pointer means that is relative to a whole schema instead of the document. Its writer
    /// began with some schema and later made components of parts of it, so that the schema is the
    /// one around the reference or one that leads there.
    fn of_root(&self, fragment: &str, reference: Reference<'_>, jumps: usize) -> Option<Pointer> {
        let root = reference.root?;
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        let rest = ITSELF
            .iter()
            .find_map(|itself| decoded.strip_prefix(itself))
            .unwrap_or(&decoded);
        let written = Pointer::parse(rest)?;
        if written.tokens().is_empty() {
            return Some(root.clone());
        }
        let mut seen = HashSet::from([root]);
        let mut waiting = VecDeque::from([root]);
        while let Some(base) = waiting.pop_front() {
            let exact = base.after(&written);
            let found = match self.exists(&exact) {
                true => Some(exact),
                false => self.follow(base, &written, reference, jumps),
            };
            // A reference that would lead back to where it stands is meant to lead elsewhere.
            if let Some(found) = found.filter(|found| found != reference.at) {
                return Some(found);
            }
            let outer = self.referring().get(base);
            waiting.extend(
                outer
                    .into_iter()
                    .flatten()
                    .filter(|outer| seen.insert(outer)),
            );
        }
        None
    }

    fn referring(&self) -> &HashMap<Pointer, Vec<Pointer>> {
        self.referring.get_or_init(|| {
            let mut referring: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
            for used in self.uses.iter().filter(|used| !used.mapped) {
                let Some(fragment) = used.text.strip_prefix('#') else {
                    continue;
                };
                let target = forms(fragment)
                    .into_iter()
                    .filter_map(|(_, written)| written)
                    .find(|written| !written.tokens().is_empty() && self.exists(written));
                if let (Some(target), Some(root)) = (target, &used.root) {
                    let name = 2 + usize::from(target.tokens()[0] == "components");
                    let target = Pointer::new(target.tokens().iter().take(name).cloned());
                    let known = referring.entry(target).or_default();
                    if !known.contains(root) {
                        known.push(root.clone());
                    }
                }
            }
            referring
        })
    }
}

/// A fragment as it is written and with its percent escapes decoded, each with the pointer that it
/// is. One that does not begin with a slash may lack it.
fn forms(fragment: &str) -> Vec<(String, Option<Pointer>)> {
    let decoded = percent_decode_str(fragment).decode_utf8_lossy();
    let mut texts = vec![fragment.to_owned()];
    if decoded != fragment {
        texts.push(decoded.into_owned());
    }
    texts
        .into_iter()
        .map(|text| {
            let pointer = match text.starts_with('/') {
                true => Pointer::parse(&text),
                false => Pointer::parse(&format!("/{text}")),
            };
            (text, pointer)
        })
        .collect()
}

/// What a pointer leads to whose slashes may be parts of names, or whose tildes are not escapes.
fn loose(value: &Value, tokens: &[String], at: Pointer) -> Option<Pointer> {
    if tokens.is_empty() {
        return (!value.is_null()).then_some(at);
    }
    if value.is_array() {
        let next = step(value, &tokens[0])?;
        return loose(next, &tokens[1..], at.join(&[&tokens[0]]));
    }
    let map = value.as_object()?;
    (1..=tokens.len().min(MOST_PARTS)).find_map(|count| {
        let name = tokens[..count].join("/");
        let written: Vec<String> = tokens[..count].iter().map(|token| escape(token)).collect();
        [name, written.join("/")].into_iter().find_map(|name| {
            let next = map.get(&name)?;
            loose(next, &tokens[count..], at.join(&[&name]))
        })
    })
}
