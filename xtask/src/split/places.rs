//! Where the parts of an API's document stood in what was received, so that reports name places
//! that the reader can find.

use std::collections::BTreeMap;

/// JSON pointers of an API's document, and what each was before the split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<String, String>);

impl Places {
    /// Notes where what is at `now` stood, unless that is known already.
    pub fn insert(&mut self, now: impl Into<String>, was: impl Into<String>) {
        self.0.entry(now.into()).or_insert_with(|| was.into());
    }

    /// The received document's pointer for one of the API's: that of the nearest part around it
    /// whose place is known, and the rest as it is.
    pub fn received(&self, pointer: &str) -> String {
        let mut end = pointer.len();
        loop {
            let (around, rest) = pointer.split_at(end);
            if let Some(was) = self.0.get(around) {
                return format!("{was}{rest}");
            }
            match around.rfind('/') {
                Some(slash) => end = slash,
                None => return pointer.to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn the_nearest_known_place_counts() {
        let mut places = Places::default();
        places.insert("/paths/~1a~1b/get", "/paths/~1b/get");
        places.insert("/paths/~1a~1b/get/parameters/0", "/paths/~1b/parameters/1");
        for (now, was) in [
            (
                "/paths/~1a~1b/get/responses/200",
                "/paths/~1b/get/responses/200",
            ),
            (
                "/paths/~1a~1b/get/parameters/0/schema",
                "/paths/~1b/parameters/1/schema",
            ),
            (
                "/paths/~1a~1b/get/parameters/01",
                "/paths/~1b/get/parameters/01",
            ),
            ("/components/schemas/A", "/components/schemas/A"),
            ("", ""),
        ] {
            assert_eq!(places.received(now), was);
        }
    }
}
