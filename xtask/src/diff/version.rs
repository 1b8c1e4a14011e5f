//! The version that a crate needs after a change, as Cargo reads versions: below 1.0 the
//! second number says what is compatible, from 1.0 on the first.

use super::Verdict;

/// The numbers of a version; what is no number counts as 0.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version
        .split(['.', '-', '+'])
        .map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

/// The next version; the same when nothing changed.
pub fn next(version: &str, verdict: Option<Verdict>) -> String {
    let [major, minor, patch] = numbers(version);
    match (verdict, major) {
        (None, _) => version.to_owned(),
        (Some(Verdict::Compatible), 0) => format!("0.{minor}.{}", patch + 1),
        (Some(Verdict::Compatible), _) => format!("{major}.{}.0", minor + 1),
        (Some(Verdict::Breaking), 0) => format!("0.{}.0", minor + 1),
        (Some(Verdict::Breaking), _) => format!("{}.0.0", major + 1),
    }
}

/// The version of a crate, and how far it has been released.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// The version that the crate has now.
    pub version: String,
    /// The version that was released last; `None` when no record of releases exists.
    pub released: Option<Release>,
}

/// What the record of releases says of a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// The crate has never been released.
    Never,
    /// The version that was released last.
    Last(String),
}

impl Current {
    /// Returns the version that the crate needs after a change. A crate that has never been
    /// released keeps its version, and changes since a release share one raise of the version.
    pub fn after(&self, verdict: Option<Verdict>) -> String {
        let needed = match &self.released {
            None => return next(&self.version, verdict),
            Some(Release::Never) => return self.version.clone(),
            Some(Release::Last(released)) => next(released, verdict),
        };
        if numbers(&needed) > numbers(&self.version) {
            needed
        } else {
            self.version.clone()
        }
    }
}

/// Whether Cargo takes `new` where `old` was asked for.
pub fn compatible(old: &str, new: &str) -> bool {
    let (old, new) = (numbers(old), numbers(new));
    match old {
        [0, 0, _] => old == new,
        [0, minor, _] => new[0] == 0 && new[1] == minor,
        [major, ..] => new[0] == major,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breaking_change_never_gets_a_version_that_cargo_takes_for_the_old_one() {
        for version in ["0.0.3", "0.1.0", "0.9.7", "1.0.0", "2.3.4"] {
            let breaking = next(version, Some(Verdict::Breaking));
            assert!(!compatible(version, &breaking), "{version} {breaking}");
            assert_eq!(next(version, None), version);
        }
        assert_eq!(next("0.1.0", Some(Verdict::Compatible)), "0.1.1");
        assert_eq!(next("1.2.3", Some(Verdict::Compatible)), "1.3.0");
    }

    #[test]
    fn a_crate_keeps_its_version_until_its_first_release() {
        let current = Current {
            version: "0.1.0".to_owned(),
            released: Some(Release::Never),
        };
        assert_eq!(current.after(Some(Verdict::Breaking)), "0.1.0");
    }

    #[test]
    fn changes_since_a_release_raise_the_version_once() {
        let current = |version: &str| Current {
            version: version.to_owned(),
            released: Some(Release::Last("0.1.3".to_owned())),
        };
        assert_eq!(current("0.1.3").after(Some(Verdict::Compatible)), "0.1.4");
        assert_eq!(current("0.1.4").after(Some(Verdict::Compatible)), "0.1.4");
        assert_eq!(current("0.1.4").after(Some(Verdict::Breaking)), "0.2.0");
        assert_eq!(current("0.2.0").after(Some(Verdict::Compatible)), "0.2.0");
        assert_eq!(current("0.2.0").after(None), "0.2.0");
    }
}
