//! The exchange: the key goes to the token endpoint of the configured host, and nowhere
//! else, and a token comes back.

use std::time::SystemTime;

use serde::Deserialize;
use sixclicks_core::{Error, ErrorKind};
use zeroize::Zeroizing;

use crate::{AccessToken, ApiKey};

/// The path of the token endpoint.
pub const PATH: &str = "/auth-api/1.0/auth/token";

/// The header that carries the key.
const HEADER: &str = "6Clicks-Api-Key";

/// What the exchange is called in errors.
const OPERATION: &str = "token exchange";

/// The largest answer that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The answer, bare or in ABP's envelope.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "accessToken")]
    access_token: Option<Zeroizing<String>>,
    result: Option<Box<Answer>>,
}

/// A token, and how far the server's clock is ahead of ours when it said so.
pub struct Exchanged {
    pub token: AccessToken,
    pub server_time: Option<SystemTime>,
}

/// Exchanges a key for a token.
pub async fn exchange(
    client: &reqwest::Client,
    base: &str,
    key: &ApiKey,
    now: SystemTime,
) -> Result<Exchanged, Error> {
    let header = key
        .header()
        .map_err(|error| Error::credentials(OPERATION, error.to_string()))?;
    let mut response = client
        .post(format!("{base}{PATH}"))
        .header(HEADER, header)
        .header(http::header::ACCEPT, "application/json")
        .body("")
        .send()
        .await
        .map_err(|error| Error::from_transport(OPERATION, error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let server_time = headers
        .get(http::header::DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Error::from_transport(OPERATION, error))?
    {
        if body.len() + chunk.len() > LARGEST {
            return Err(Error::new(
                ErrorKind::UnexpectedAnswer,
                OPERATION,
                "the answer has no end",
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
    if !status.is_success() {
        // A server may repeat what it was sent, and errors are logged.
        let body = key.erase_from(&body);
        let error = Error::from_response(OPERATION, status, headers, body.into(), None);
        if matches!(status.as_u16(), 400 | 401 | 403) {
            let message = format!(
                "the API key was rejected ({}); check that it exists and that its user may use integrations",
                error.message()
            );
            return Err(error.reclassified(ErrorKind::Credentials, message));
        }
        return Err(error);
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| {
        Error::new(
            ErrorKind::UnexpectedAnswer,
            OPERATION,
            "the answer is no JSON with a token; check the host",
        )
    })?;
    let token = answer
        .access_token
        .or_else(|| answer.result.and_then(|inner| inner.access_token));
    match token.filter(|token| !token.trim().is_empty()) {
        Some(token) => Ok(Exchanged {
            token: AccessToken::new(token.as_str(), server_time.unwrap_or(now)),
            server_time,
        }),
        None => Err(Error::new(
            ErrorKind::UnexpectedAnswer,
            OPERATION,
            "the answer holds no `accessToken`",
        )),
    }
}
