//! The files that a document may refer to: where they are, whether they may be read, their content.
use crate::read::{Note, Origin, Parsed, ReadError, ReadOptions, file, http::Client, parse};
use percent_encoding::percent_decode_str;
use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};
use url::Url;

const OUTSIDE: &str =
    "move the file beside the document, or allow references to leave its surroundings";

/// Where a file is: its resolved path, or its URL without fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Location {
    File(PathBuf),
    Url(Url),
}

impl Location {
    pub(super) fn origin(&self) -> Origin {
        match self {
            Self::File(path) => Origin::File(path.clone()),
            Self::Url(url) => Origin::of_url(url),
        }
    }

    /// The file's name without its ending.
    pub(super) fn stem(&self) -> String {
        let stem = |path: &Path| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        };
        match self {
            Self::File(path) => stem(path),
            Self::Url(url) => stem(Path::new(
                &*percent_decode_str(url.path()).decode_utf8_lossy(),
            )),
        }
        .unwrap_or_default()
    }
}

/// Loads files beside one document, each once.
pub(in crate::read) struct Files<'a> {
    home: Location,
    /// Folders below which files may be read.
    roots: Vec<PathBuf>,
    client: Option<&'a Client>,
    options: &'a ReadOptions,
    loaded: HashMap<Location, Parsed>,
}

impl<'a> Files<'a> {
    /// For the document at `path`, read on its own or as part of `folder`.
    pub(in crate::read) fn of_path(
        path: &Path,
        folder: Option<&Path>,
        options: &'a ReadOptions,
    ) -> Self {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let own = path.parent().map(Path::to_owned).unwrap_or_default();
        let parent = own.parent().filter(|parent| parent.parent().is_some());
        let mut roots: Vec<PathBuf> = parent.map(Path::to_owned).into_iter().collect();
        roots.extend(folder.and_then(|folder| folder.canonicalize().ok()));
        roots.push(own);
        Self {
            home: Location::File(path),
            roots,
            client: None,
            options,
            loaded: HashMap::new(),
        }
    }

    /// For the document at `url`.
    pub(in crate::read) fn of_url(url: &Url, client: &'a Client, options: &'a ReadOptions) -> Self {
        let mut home = url.clone();
        home.set_fragment(None);
        let loaded = HashMap::new();
        Self {
            home: Location::Url(home),
            roots: Vec::new(),
            client: Some(client),
            options,
            loaded,
        }
    }

    /// Where the document itself is.
    pub(super) fn home(&self) -> &Location {
        &self.home
    }

    /// The other files that were read, in no order.
    pub(super) fn others(&self) -> impl Iterator<Item = &Location> {
        self.loaded
            .keys()
            .filter(|location| **location != self.home)
    }

    /// What was not read to the letter in the other files, which are named in the notes.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut others: Vec<(String, &Location)> = self
            .others()
            .map(|location| (location.origin().to_string(), location))
            .collect();
        others.sort_by(|a, b| a.0.cmp(&b.0));
        let noted = others.into_iter().flat_map(|(origin, location)| {
            self.loaded[location].notes.iter().map(move |note| Note {
                pointer: format!("{origin}#{}", note.pointer),
                ..note.clone()
            })
        });
        noted.collect()
    }

    /// Where `file`, the part of a reference before `#`, leads from `base`; or what is wrong with
    /// it, and what to do.
    pub(super) fn locate(
        &self,
        base: &Location,
        file: &str,
    ) -> Result<Location, (String, &'static str)> {
        if file.is_empty() {
            return Ok(base.clone());
        }
        let url = Url::parse(file).ok().filter(|url| url.scheme().len() > 1);
        match (base, url) {
            (Location::Url(base), _) => self.locate_url(base, file),
            (Location::File(_), Some(_)) => {
                let problem = "leads from a file to another host, which is not followed".to_owned();
                Err((
                    problem,
                    "download that file and refer to it beside the document",
                ))
            }
            (Location::File(base), None) => self.locate_file(base, file),
        }
    }

    fn locate_url(&self, base: &Url, file: &str) -> Result<Location, (String, &'static str)> {
        let Ok(mut url) = base.join(file) else {
            return Err(("is no address".to_owned(), "correct the reference"));
        };
        url.set_fragment(None);
        let web = matches!(url.scheme(), "http" | "https");
        let home = matches!(&self.home, Location::Url(home) if home.origin() == url.origin());
        if web && (home || self.options.allow_outside) {
            return Ok(Location::Url(url));
        }
        let problem = "leads to another host, which is refused".to_owned();
        Err((
            problem,
            "serve the file from the document's own host, or allow other hosts",
        ))
    }

    fn locate_file(&self, base: &Path, file: &str) -> Result<Location, (String, &'static str)> {
        let file = file
            .split('?')
            .next()
            .unwrap_or_default()
            .replace('\\', "/");
        let folder = base.parent().unwrap_or(Path::new(""));
        let decoded = percent_decode_str(&file).decode_utf8_lossy();
        let written = folder.join(&file);
        let path = if written.exists() {
            written
        } else {
            folder.join(&*decoded)
        };
        // Before the file system is asked, so that the answer does not tell what exists outside.
        let path = normal(&path);
        let inside = |path: &Path| {
            self.options.allow_outside || self.roots.iter().any(|root| path.starts_with(root))
        };
        let resolved = path.canonicalize().unwrap_or_else(|_| path.clone());
        if inside(&path) && inside(&resolved) {
            return Ok(Location::File(resolved));
        }
        let problem = "leads outside the folders of the document, which is refused".to_owned();
        Err((problem, OUTSIDE))
    }

    /// The content of the file at `location`.
    pub(super) fn load(&mut self, location: &Location) -> Result<&Parsed, ReadError> {
        if !self.loaded.contains_key(location) {
            let bytes = match location {
                Location::File(path) if path.is_dir() => {
                    return Err(ReadError::Missing {
                        origin: location.origin(),
                    });
                }
                Location::File(path) => file::read(path, self.options)?,
                Location::Url(url) => match self.client {
                    Some(client) => client.get(url)?.bytes,
                    None => {
                        return Err(ReadError::Missing {
                            origin: location.origin(),
                        });
                    }
                },
            };
            let (parsed, _) = parse::parse(&location.origin(), bytes, self.options.depth())?;
            self.loaded.insert(location.clone(), parsed);
        }
        Ok(&self.loaded[location])
    }
}

/// `path` without `.` and `..`, as written.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
