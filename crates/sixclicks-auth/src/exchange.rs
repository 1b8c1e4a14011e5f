//! The exchange: the key goes to the token endpoint of the configured host, and nowhere
//! else, and a token comes back.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use sixclicks_core::{Error, ErrorKind, Redactor};
use zeroize::Zeroizing;

use crate::{AccessToken, ApiKey, handshake};

/// The path of the token endpoint.
pub const PATH: &str = "/auth-api/1.0/auth/token";

/// The header that carries the key.
const HEADER: &str = "6Clicks-Api-Key";

/// What the exchange is called in errors.
pub const OPERATION: &str = "token exchange";

/// The largest answer that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The answer, bare or in ABP's envelope.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "accessToken")]
    access_token: Option<Zeroizing<String>>,
    result: Option<Box<Answer>>,
}

/// What only ABP's envelope has.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "__abp")]
    marker: bool,
}

/// A token, and the time on the server's clock when it told.
pub type Exchanged = (AccessToken, Option<SystemTime>);

/// Exchanges a key for a token; `life` is assumed for one that does not tell its own.
pub async fn exchange(
    client: &reqwest::Client,
    base: &str,
    key: &ApiKey,
    now: SystemTime,
    life: Duration,
) -> Result<Exchanged, Error> {
    let header = key
        .header()
        .map_err(|error| Error::credentials(OPERATION, error.to_string()))?;
    let mut response = client
        .post(format!("{base}{PATH}"))
        .header(HEADER, header)
        .header(http::header::ACCEPT, "application/json")
        // An empty body has no length by itself, and IIS answers 411 to a POST without one.
        .header(http::header::CONTENT_LENGTH, 0)
        .send()
        .await
        .map_err(|error| handshake::error(OPERATION, error))?;
    let (status, mut headers) = (response.status(), response.headers().clone());
    tracing::Span::current().record("http.response.status_code", status.as_u16());
    let server_time = headers
        .get(http::header::DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| handshake::error(OPERATION, error))?
    {
        if body.len() + chunk.len() > LARGEST {
            return Err(Error::new(
                ErrorKind::UnexpectedAnswer,
                OPERATION,
                format!("the response is larger than {LARGEST} bytes"),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_redirection() {
        return Err(Error::new(
            ErrorKind::UnexpectedAnswer,
            OPERATION,
            "the token endpoint redirects, and the key is not sent after it; check the host",
        ));
    }
    // A server may repeat what it was sent, and errors are logged.
    let redactor = Redactor::new([key.secret()]);
    redactor.headers(&mut headers);
    let told = |body: &[u8]| redactor.bytes(body).into_owned();
    if !status.is_success() {
        let rejected = match status.as_u16() {
            400 | 401 | 403 => true,
            // ABP answers with a 500 what a user did wrong.
            500 => serde_json::from_slice(&body).is_ok_and(|envelope: Envelope| envelope.marker),
            _ => false,
        };
        let error = Error::from_response(OPERATION, status, headers, told(&body).into(), None);
        if rejected {
            let message = format!(
                "the API key was rejected ({}); check that it exists and that its user may use integrations",
                error.message()
            );
            return Err(error.reclassified(ErrorKind::Credentials, message));
        }
        return Err(error);
    }
    let unexpected = |why: &str| Err(Error::new(ErrorKind::UnexpectedAnswer, OPERATION, why));
    let Ok(answer) = serde_json::from_slice::<Answer>(&body) else {
        return unexpected("the answer is no JSON with a token; check the host");
    };
    let token = answer
        .access_token
        .or_else(|| answer.result.and_then(|inner| inner.access_token));
    match token.filter(|token| !token.trim().is_empty()) {
        Some(token) => {
            let there = server_time.unwrap_or(now);
            let token = AccessToken::lasting(token.as_str(), there, life);
            Ok((token, server_time))
        }
        None if serde_json::from_slice(&body).is_ok_and(|envelope: Envelope| envelope.marker) => {
            let error = Error::from_response(OPERATION, status, headers, told(&body).into(), None);
            let message = format!("the API key was not exchanged: {}", error.message());
            Err(error.reclassified(ErrorKind::Credentials, message))
        }
        None => unexpected("the answer holds no `accessToken`"),
    }
}
