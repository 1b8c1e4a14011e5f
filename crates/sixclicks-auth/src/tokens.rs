//! Tokens for all callers: had from the key, another source, or a store that processes
//! share, and kept in the cache until they are due.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sixclicks_core::{Error, ErrorKind, Redactor};
use tracing::Instrument;
use url::Url;
use zeroize::Zeroizing;

use crate::{
    AccessToken, StoreEntry, TokenSource, TokenStore,
    cache::{Cache, Failed, Lease, Next, Reason, Ticket, Times},
    exchange::{self, OPERATION},
    hooks::{Hooks, Renewal},
    latency::Histogram,
    random, retry,
    source::KeySource,
    token,
};

/// The share of a token's life that is left when it is renewed, and the share that chance
/// adds, so that many processes do not renew at once.
const EARLY: f64 = 0.10;
const JITTER: f64 = 0.05;

/// The longest back-off that a caller waits for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The share of an exchange's time that a store may take.
const STORE_SHARE: u32 = 4;

/// How long a rejected key is not tried again.
const REJECTED: Duration = Duration::from_secs(30);

/// Tells the time, so that tests can.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// A token, ready to be sent.
#[derive(Debug)]
pub struct Held {
    pub token: AccessToken,
    pub header: http::HeaderValue,
    /// Removes the token from what errors contain.
    pub redactor: Redactor,
}

/// Where tokens come from.
pub enum Origin {
    Key {
        client: reqwest::Client,
        host: Url,
        base: String,
        key: KeySource,
    },
    Other(Arc<dyn TokenSource>),
}

/// What happened so far.
#[derive(Debug, Default)]
pub struct Counts {
    pub lengths: Histogram,
    pub exchanges: AtomicU64,
    pub renewals: AtomicU64,
    pub failures: AtomicU64,
}

/// What a store keeps. The times are by this machine's clock.
#[derive(Deserialize, Serialize)]
struct Kept {
    token: Zeroizing<String>,
    obtained: u64,
    ends: u64,
}

/// How tokens are had.
pub struct Tokens {
    pub cache: Arc<Cache<Held, Arc<Error>>>,
    pub origin: Origin,
    pub store: Option<Arc<dyn TokenStore>>,
    pub clock: Clock,
    /// The life of a token that does not tell its own.
    pub life: Duration,
    /// How long an exchange may take until it is taken for lost.
    pub patience: Duration,
    pub counts: Counts,
    pub hooks: Hooks,
}

impl Tokens {
    /// A valid token. One that is due is renewed on the way, and nobody waits for that.
    pub async fn get(self: &Arc<Self>) -> Result<Arc<Lease<Held>>, Error> {
        loop {
            let flight = match self.cache.next((self.clock)()) {
                Next::Use(lease) => return Ok(lease),
                Next::Renew(lease, ticket) => {
                    self.begin(ticket);
                    return Ok(lease);
                }
                Next::Fetch(ticket) => {
                    let flight = ticket.flight.clone();
                    self.begin(ticket);
                    flight
                }
                Next::Wait(flight) => flight,
                // All callers share one back-off. A short one is waited for, with jitter so that
                // processes do not come back together; a long one is the caller's to decide.
                Next::Later(wait, _) if wait <= LONGEST_WAIT => {
                    let jitter = wait.mul_f64(random::fraction() / 2.0);
                    Box::pin(tokio::time::sleep(wait + jitter)).await;
                    continue;
                }
                Next::Later(_, error) | Next::Blocked(error) => return Err(Error::clone(&error)),
            };
            match Box::pin(tokio::time::timeout(self.patience, flight.clone())).await {
                Ok(Ok(outcome)) => return outcome.map_err(|error| Error::clone(&error)),
                // Its runtime ended during the exchange; somebody else begins another.
                Ok(Err(_)) => {}
                // Its runtime stands still.
                Err(_) => self.cache.give_up(&flight),
            }
        }
    }

    /// Has a token fetched on a task of its own, so that it goes on when the caller who
    /// began it is cancelled. A task that is dropped drops the ticket, which frees the way
    /// for another caller: nothing hangs on the task being run to its end.
    fn begin(self: &Arc<Self>, ticket: Ticket<Held, Arc<Error>>) {
        let tokens = Arc::clone(self);
        if ticket.reason == Reason::Due {
            self.counts.renewals.fetch_add(1, Ordering::Relaxed);
        }
        let span = tracing::info_span!(
            "token exchange",
            "otel.name" = "POST",
            "otel.kind" = "client",
            "otel.status_code" = tracing::field::Empty,
            "http.request.method" = "POST",
            "http.response.status_code" = tracing::field::Empty,
            "server.address" = tracing::field::Empty,
            "server.port" = tracing::field::Empty,
            "url.template" = exchange::PATH,
            "error.type" = tracing::field::Empty,
            "sixclicks.operation" = OPERATION,
            "sixclicks.renewal.reason" = name(ticket.reason),
        );
        if let Origin::Key { host, .. } = &self.origin
            && !span.is_disabled()
        {
            span.record("server.address", host.host_str());
            span.record("server.port", host.port_or_known_default());
        }
        let began = Instant::now();
        let work = async move {
            let fetched = AssertUnwindSafe(tokens.fetch(&ticket)).catch_unwind().await;
            let result = fetched.unwrap_or_else(|_| {
                Err(Unfetched::of_source(
                    "the source of tokens panicked".to_owned(),
                ))
            });
            tokens.finish(ticket, result, began.elapsed());
        };
        tokio::spawn(work.instrument(span));
    }

    fn finish(
        &self,
        ticket: Ticket<Held, Arc<Error>>,
        result: Result<(AccessToken, Times), Unfetched>,
        elapsed: Duration,
    ) {
        let now = (self.clock)();
        self.counts.lengths.add(elapsed);
        let held = result.and_then(|(token, times)| {
            let header = token.header().ok_or_else(|| {
                Error::new(
                    ErrorKind::UnexpectedAnswer,
                    OPERATION,
                    "the token cannot be sent in a header",
                )
            })?;
            let redactor = Redactor::new([token.expose()]);
            let held = Held {
                token,
                header,
                redactor,
            };
            Ok((held, times))
        });
        let span = tracing::Span::current();
        let result = held.map_err(
            |Unfetched {
                 error,
                 is_rejection,
             }| {
                self.counts.failures.fetch_add(1, Ordering::Relaxed);
                span.record("otel.status_code", "ERROR");
                span.record("error.type", tracing::field::debug(error.kind()));
                tracing::warn!(%error, "the token could not be renewed");
                self.hooks.each(|hooks| hooks.renewal_failed(&error));
                let lasts = match is_rejection {
                    true => Some(REJECTED),
                    false => retry::asked(error.headers(), now),
                };
                Failed {
                    error: Arc::new(error),
                    lasts,
                }
            },
        );
        if let Ok((_, times)) = &result {
            let renewal = Renewal {
                reason: name(ticket.reason),
                expires: times.ends,
                elapsed,
            };
            self.hooks.each(|hooks| hooks.token_renewed(&renewal));
        }
        ticket.finish(result, now);
    }

    async fn fetch(
        &self,
        ticket: &Ticket<Held, Arc<Error>>,
    ) -> Result<(AccessToken, Times), Unfetched> {
        let (client, base, key) = match &self.origin {
            Origin::Key {
                client, base, key, ..
            } => (client, base, key),
            Origin::Other(source) => {
                self.counts.exchanges.fetch_add(1, Ordering::Relaxed);
                let token = source.token().await?;
                let times = self.times(&token, None);
                return Ok((token, times));
            }
        };
        let key = key
            .key()
            .await
            .map_err(|error| Unfetched::of_source(format!("cannot get the API key: {error}")))?;
        let name = key.fingerprint(base);
        let mut entry = match &self.store {
            Some(store) => {
                let limit = self.patience / STORE_SHARE;
                let opened = tokio::time::timeout(limit, store.open(&name)).await;
                worked(opened.unwrap_or_else(|_| {
                    Err(format!("the store did not open within {limit:?}").into())
                }))
            }
            None => None,
        };
        let previous = (ticket.previous.as_ref()).map(|lease| lease.value.token.expose());
        if let Some(entry) = &mut entry
            && let Some(kept) = self.kept(entry.as_mut(), previous).await
        {
            return Ok(kept);
        }
        self.counts.exchanges.fetch_add(1, Ordering::Relaxed);
        let now = (self.clock)();
        let (token, server_time) = exchange::exchange(client, base, &key, now, self.life).await?;
        let times = self.times(&token, server_time);
        if let Some(entry) = &mut entry {
            worked(keep(entry.as_mut(), &token, times).await);
        }
        Ok((token, times))
    }

    /// The token in a store, if it still serves and is not the one to be replaced.
    async fn kept(
        &self,
        entry: &mut dyn StoreEntry,
        previous: Option<&str>,
    ) -> Option<(AccessToken, Times)> {
        let content = worked(entry.read().await)??;
        let kept: Kept = serde_json::from_slice(&content).ok()?;
        let at = |seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        let (obtained, ends) = (at(kept.obtained)?, at(kept.ends)?);
        let times = planned(obtained, ends.duration_since(obtained).ok()?);
        let now = (self.clock)();
        if now >= times.due || now < obtained || previous == Some(kept.token.as_str()) {
            return None;
        }
        let token = AccessToken::lasting(kept.token.as_str(), obtained, self.life);
        // What cannot be sent in a header is not a token, however it came into the store.
        token.header().is_some().then_some((token, times))
    }

    /// The times of a token by our clock. A server whose clock differs from ours says so
    /// with its `Date`.
    fn times(&self, token: &AccessToken, server_time: Option<SystemTime>) -> Times {
        let now = (self.clock)();
        let there = server_time.unwrap_or(now);
        let left = token.expires().duration_since(there).unwrap_or_default();
        // A token that has ended already, or lives longer than it ever will, says that a
        // clock is wrong: its whole life is as much as can be known, and a 401 will tell
        // the rest.
        let left = match (left, token.life()) {
            (left, whole) if whole.is_zero() => left,
            (left, whole) if left.is_zero() => whole,
            (left, whole) => left.min(whole),
        };
        planned(now, if left.is_zero() { self.life } else { left })
    }
}

async fn keep(
    entry: &mut dyn StoreEntry,
    token: &AccessToken,
    times: Times,
) -> Result<(), crate::StoreError> {
    let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).map(|age| age.as_secs());
    let kept = Kept {
        token: Zeroizing::new(token.expose().to_owned()),
        obtained: seconds(times.obtained)?,
        ends: seconds(times.ends)?,
    };
    let content = Zeroizing::new(serde_json::to_vec(&kept)?);
    entry.write(&content).await
}

/// What a store did. One that fails costs an exchange, and nobody's call.
fn worked<T>(result: Result<T, crate::StoreError>) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(%error, "the token store does not work"))
        .ok()
}

/// Why a token could not be obtained.
struct Unfetched {
    error: Error,
    /// Whether the server, or a [`TokenSource`], refused the credentials: asking again soon does
    /// not help then. A failure to get the key is none: the next call asks again.
    is_rejection: bool,
}

impl Unfetched {
    fn of_source(message: String) -> Self {
        Self {
            error: Error::credentials(OPERATION, message),
            is_rejection: false,
        }
    }
}

impl From<Error> for Unfetched {
    fn from(error: Error) -> Self {
        Self {
            is_rejection: error.kind() == ErrorKind::Credentials,
            error,
        }
    }
}

fn planned(obtained: SystemTime, left: Duration) -> Times {
    let left = left.min(token::LONGEST_LIFE);
    let early = left.mul_f64(EARLY + JITTER * random::fraction());
    let after = |length| obtained.checked_add(length).unwrap_or(obtained);
    Times {
        obtained,
        due: after(left.saturating_sub(early)),
        ends: after(left),
    }
}

fn name(reason: Reason) -> &'static str {
    match reason {
        Reason::First => "first use",
        Reason::Due => "due",
        Reason::Ended => "ended",
        Reason::Refused => "refused",
    }
}
