//! Where tokens come from, when it is not the exchange of a key.

use std::{future::Future, pin::Pin, sync::Arc};

use sixclicks_core::Error;

use crate::{AccessToken, ApiKey};

/// A boxed future, as the methods of [`TokenSource`] return it.
pub type SourceFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Another way to get tokens. The session calls it when it needs a token, one call at a
/// time, and keeps what it gets until it is due.
pub trait TokenSource: Send + Sync + 'static {
    /// A new token.
    ///
    /// # Errors
    ///
    /// When there is none. An error of kind `Credentials` is remembered for half a minute, so
    /// that whoever refuses is not asked over and over.
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>>;
}

/// Why a callback has no key.
pub type KeyFailure = Box<dyn std::error::Error + Send + Sync>;

type Ask = dyn Fn() -> SourceFuture<'static, Result<ApiKey, KeyFailure>> + Send + Sync;

/// The key, or whom to ask for it before every exchange.
#[derive(Clone)]
pub(crate) enum KeySource {
    Fixed(ApiKey),
    Asked(Arc<Ask>),
}

impl KeySource {
    pub fn asked<F, Fut>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, KeyFailure>> + Send + 'static,
    {
        Self::Asked(Arc::new(move || Box::pin(ask())))
    }

    pub async fn key(&self) -> Result<ApiKey, KeyFailure> {
        match self {
            Self::Fixed(key) => Ok(key.clone()),
            Self::Asked(ask) => ask().await,
        }
    }
}
