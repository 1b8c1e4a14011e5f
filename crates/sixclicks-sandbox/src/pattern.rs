//! Text that a regular expression matches.

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The most repetitions beyond the least that are written.
const MORE: u32 = 3;

/// A text for a pattern; `None` where the pattern is not one that is understood (those with
/// a look ahead, for one).
pub fn text(pattern: &str, rng: &mut Rng) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new()
        .build()
        .parse(pattern)
        .ok()?;
    let mut out = String::new();
    write(&hir, rng, &mut out)?;
    Some(out)
}

fn write(hir: &Hir, rng: &mut Rng, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => out.push(character(class, rng)?),
        HirKind::Class(Class::Bytes(class)) => {
            out.push(char::from(class.ranges().first()?.start()));
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let most = most.min(repetition.min.saturating_add(MORE));
            for _ in 0..rng.u32(repetition.min..=most) {
                write(&repetition.sub, rng, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, rng, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, rng, out)?;
            }
        }
        HirKind::Alternation(parts) => write(rng.choice(parts)?, rng, out)?,
    }
    Some(())
}

/// A letter or digit if the class has one, otherwise its first character.
fn character(class: &regex_syntax::hir::ClassUnicode, rng: &mut Rng) -> Option<char> {
    let plain: Vec<char> = ('a'..='z')
        .chain('A'..='Z')
        .chain('0'..='9')
        .filter(|c| {
            class
                .ranges()
                .iter()
                .any(|range| range.start() <= *c && *c <= range.end())
        })
        .collect();
    rng.choice(plain)
        .or_else(|| class.ranges().first().map(|range| range.start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_matches() {
        let mut rng = Rng::with_seed(7);
        for pattern in [r"^[A-Z]{2}-\d{4}$", r"^(a|bc)+x?$", r"^\S{3,5}$"] {
            let schema = serde_json::json!({"pattern": pattern});
            let validator = jsonschema::validator_for(&schema).unwrap();
            for _ in 0..50 {
                let text = text(pattern, &mut rng).unwrap();
                assert!(
                    validator.is_valid(&text.clone().into()),
                    "{pattern}: {text}"
                );
            }
        }
    }
}
