//! The token for those who call endpoints by hand with `reqwest-middleware`.

use std::sync::atomic::Ordering;

use http::{Extensions, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use sixclicks_core::replayable;

use crate::{Session, host, scrub};

/// Puts a session's token on every request to its host, and sends a request once more with
/// a new token after a 401. A request without a timeout gets that of the session. Retries are left to the middleware that is made for them.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use sixclicks_auth::{ApiKey, Session, SessionMiddleware};
///
/// let session = Session::new("https://app-au.6clicks.io", ApiKey::from_env()?)?;
/// let client = reqwest_middleware::ClientBuilder::new(session.http_client().clone())
///     .with(SessionMiddleware::new(&session))
///     .build();
/// let url = format!("{}/controls-api/1.0/tests", session.base_url());
/// println!("{}", client.get(url).send().await?.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SessionMiddleware {
    session: Session,
}

impl SessionMiddleware {
    /// The middleware of a session, whose token it shares.
    pub fn new(session: &Session) -> Self {
        Self {
            session: session.clone(),
        }
    }
}

#[async_trait::async_trait]
impl Middleware for SessionMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let inner = &self.session.inner;
        let mut request = request;
        request.timeout_mut().get_or_insert(inner.timeout);
        let (mut request, mut again) = replayable(request)?;
        loop {
            let lease = self.session.lease_for(&mut request).await;
            let lease = lease.map_err(Error::middleware)?;
            let response = next.clone().run(request, extensions).await?;
            let Some(lease) = lease else {
                return Ok(response);
            };
            let replayed = again.is_none();
            if response.status() == StatusCode::UNAUTHORIZED
                && host::same(response.url(), &inner.base)
                && inner
                    .tokens
                    .cache
                    .refuse(&lease, replayed, (inner.tokens.clock)())
                && let Some(copy) = again.take()
            {
                inner.replays.fetch_add(1, Ordering::Relaxed);
                request = copy;
                continue;
            }
            if response.status().is_success() {
                return Ok(response);
            }
            return Ok(scrub::response(response, &lease.value.redactor).await);
        }
    }
}
