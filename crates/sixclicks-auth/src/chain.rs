//! A chain of sources of the API key, of which the first that has one is used.

use std::{
    ffi::OsString,
    future::Future,
    io::Read,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use crate::{
    ApiKey, KeyFailure,
    key::VARIABLE,
    source::{KeySource, SourceFuture},
};

/// How long a command may take, and how often it is asked whether it has ended.
const LONGEST_COMMAND: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// The most that is read of a command's output, in bytes.
const LONGEST_OUTPUT: u64 = 64 * 1024;

/// Sources of the API key in the order in which they are asked, before every exchange. The first one
/// that has a key is used; an error says of each why it has none.
///
/// ```
/// use sixclicks_auth::{KeyChain, Session};
///
/// # fn example() -> Result<(), sixclicks_auth::Error> {
/// let chain = KeyChain::new()
///     .environment()
///     .file("/run/secrets/6clicks")
///     .command("pass", ["show", "6clicks"]);
/// let session = Session::builder("https://app-au.6clicks.io")
///     .api_key_chain(chain)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct KeyChain(Vec<Source>);

#[derive(Clone)]
enum Source {
    Variable(OsString),
    File(PathBuf),
    Command(OsString, Vec<OsString>),
    Callback(KeySource),
    #[cfg(feature = "keyring")]
    Keyring {
        service: String,
        user: String,
    },
}

/// Why no source of a chain has a key.
#[derive(Debug, thiserror::Error)]
#[error("no source has an API key: {}", reasons.join("; "))]
struct NoKey {
    reasons: Vec<String>,
}

impl KeyChain {
    /// A chain without sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the environment variable `SIXCLICKS_API_KEY` next.
    pub fn environment(self) -> Self {
        self.variable(VARIABLE)
    }

    /// Asks an environment variable next.
    pub fn variable(self, name: impl Into<OsString>) -> Self {
        self.with(Source::Variable(name.into()))
    }

    /// Reads a file next, without the white space around its content.
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        self.with(Source::File(path.into()))
    }

    /// Runs a program next, without a shell, and takes what it prints without the white space around
    /// it. It is killed after 30 seconds.
    pub fn command<A: Into<OsString>>(
        self,
        program: impl Into<OsString>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        self.with(Source::Command(program.into(), arguments))
    }

    /// Calls a function next. What its error says is shown in errors.
    pub fn callback<F, Fut>(self, ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, KeyFailure>> + Send + 'static,
    {
        self.with(Source::Callback(KeySource::asked(ask)))
    }

    /// Asks the system's keyring next: the Keychain of macOS, the Credential Manager of Windows, or the
    /// Secret Service of Linux; or the default store of `keyring-core`, if the application has set one.
    #[cfg(feature = "keyring")]
    pub fn keyring(self, service: impl Into<String>, user: impl Into<String>) -> Self {
        self.with(Source::Keyring {
            service: service.into(),
            user: user.into(),
        })
    }

    fn with(mut self, source: Source) -> Self {
        self.0.push(source);
        self
    }

    pub(crate) fn into_source(self) -> KeySource {
        let chain = Arc::new(self);
        KeySource::asked(move || {
            let chain = Arc::clone(&chain);
            async move { chain.key().await }
        })
    }

    async fn key(&self) -> Result<ApiKey, KeyFailure> {
        let mut reasons = Vec::new();
        for source in &self.0 {
            match source.key().await {
                Ok(key) if !key.secret().is_empty() => return Ok(key),
                Ok(_) => reasons.push(format!("{} is empty", source.name())),
                Err(reason) => reasons.push(reason),
            }
        }
        if reasons.is_empty() {
            reasons.push("the chain has no sources".to_owned());
        }
        Err(NoKey { reasons }.into())
    }
}

impl Source {
    fn name(&self) -> String {
        match self {
            Self::Variable(name) => format!("the environment variable {}", name.display()),
            Self::File(path) => format!("the file {}", path.display()),
            Self::Command(program, _) => format!("the output of `{}`", program.display()),
            Self::Callback(_) => "the key of the callback".to_owned(),
            #[cfg(feature = "keyring")]
            Self::Keyring { service, .. } => format!("the keyring's entry for {service}"),
        }
    }

    fn key(&self) -> SourceFuture<'_, Result<ApiKey, String>> {
        Box::pin(async move {
            match self {
                Self::Variable(name) => std::env::var(name)
                    .map(ApiKey::from)
                    .map_err(|_| format!("{} is not set", self.name())),
                Self::File(path) => match std::fs::read_to_string(path) {
                    Ok(text) => Ok(ApiKey::from(text)),
                    Err(error) => Err(format!("{} cannot be read: {error}", self.name())),
                },
                Self::Command(program, arguments) => {
                    let (program, arguments) = (program.clone(), arguments.clone());
                    blocking(move || run(&program, &arguments)).await
                }
                Self::Callback(ask) => ask
                    .key()
                    .await
                    .map_err(|error| format!("the callback has no key: {error}")),
                #[cfg(feature = "keyring")]
                Self::Keyring { service, user } => {
                    let (service, user, name) = (service.clone(), user.clone(), self.name());
                    let read = move || from_keyring(&service, &user);
                    let key = blocking(move || read().map_err(|error| error.to_string())).await;
                    key.map_err(|error| format!("{name} cannot be read: {error}"))
                }
            }
        })
    }
}

/// Runs what blocks on a thread of its own.
async fn blocking(
    work: impl FnOnce() -> Result<ApiKey, String> + Send + 'static,
) -> Result<ApiKey, String> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err("the source panicked".to_owned()))
}

#[cfg(feature = "keyring")]
fn from_keyring(service: &str, user: &str) -> keyring_core::Result<ApiKey> {
    // A store that the application has chosen is not replaced.
    let password = match keyring_core::get_default_store() {
        Some(_) => keyring_core::Entry::new(service, user)?.get_password()?,
        None => keyring::Entry::new(service, user)?.get_password()?,
    };
    Ok(ApiKey::from(password))
}

/// Runs a program and reads what it prints.
fn run(program: &OsString, arguments: &[OsString]) -> Result<ApiKey, String> {
    let shown = program.display();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("`{shown}` cannot be run: {error}"))?;
    let output = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut text = Zeroizing::new(String::new());
        let read = output.map(|output| output.take(LONGEST_OUTPUT).read_to_string(&mut text));
        matches!(read, Some(Ok(_))).then_some(text)
    });
    let ended = wait(&mut child);
    let Some(success) = ended else {
        return Err(format!("`{shown}` did not end within {LONGEST_COMMAND:?}"));
    };
    if !success {
        return Err(format!("`{shown}` failed"));
    }
    match reader.join() {
        Ok(Some(text)) => Ok(ApiKey::from(text.as_str())),
        _ => Err(format!("`{shown}` printed something other than text")),
    }
}

/// Whether a program succeeds; none if it takes too long, and is killed.
fn wait(child: &mut Child) -> Option<bool> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if began.elapsed() < LONGEST_COMMAND => thread::sleep(POLL),
            Ok(None) => {
                // Neither fails for a child that still runs.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            Err(_) => return Some(false),
        }
    }
}

impl std::fmt::Debug for KeyChain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(Source::name))
            .finish()
    }
}
