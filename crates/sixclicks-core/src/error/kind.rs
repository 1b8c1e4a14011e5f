//! What kinds of failure there are, and which one an answer is.

use http::StatusCode;

use super::problem::Problem;

/// What kind of failure an [`Error`](crate::Error) is.
///
/// | kind | when | trying again |
/// |---|---|---|
/// | `InvalidRequest` | a value is missing or cannot be sent; nothing was sent | no |
/// | `Credentials` | no token could be had, or the server answered 401 | no |
/// | `Permission` | 403 | no |
/// | `NotFound` | 404 or 410 | no |
/// | `Conflict` | 409 | no |
/// | `PreconditionFailed` | 412: `If-Match` or another condition does not hold | no |
/// | `Validation` | 400 or 422, or an error with validation details | no |
/// | `RateLimit` | 429 | yes, after [`Error::retry_after`](crate::Error::retry_after) |
/// | `Server` | any other 4xx or 5xx, or an envelope that says so | for 502, 503 and 504 |
/// | `Tls` | the TLS handshake failed: a certificate is missing, expired or not trusted | no |
/// | `Connection` | no connection, or it broke | yes |
/// | `Timeout` | no response in time, or 408 | yes |
/// | `NotModified` | 304: what the caller has is still current | no |
/// | `NoContent` | a success without content where the document promises a value | no |
/// | `UnexpectedAnswer` | an answer that the document does not describe | no |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be made from what was given; nothing was sent.
    InvalidRequest,
    /// There is no valid token, or the server does not accept it.
    Credentials,
    /// The user may not do this.
    Permission,
    /// There is no such thing.
    NotFound,
    /// The thing is in another state than the request expects.
    Conflict,
    /// A condition of the request does not hold, such as `If-Match`: the thing was changed by
    /// somebody else.
    PreconditionFailed,
    /// The server refuses what was sent.
    Validation,
    /// Too many requests.
    RateLimit,
    /// The server failed.
    Server,
    /// The TLS handshake failed: a certificate is missing, expired or not trusted.
    Tls,
    /// The connection could not be made, or broke.
    Connection,
    /// No response in time.
    Timeout,
    /// The caller has the current state already, which a conditional request asks for.
    NotModified,
    /// The operation succeeded, but there is no content where the document promises a value:
    /// a 204, an empty body or `null`.
    NoContent,
    /// The answer is not what the document says.
    UnexpectedAnswer,
}

impl ErrorKind {
    pub(super) fn of(status: StatusCode, problem: &Problem) -> Self {
        match status.as_u16() {
            304 => Self::NotModified,
            401 => Self::Credentials,
            403 => Self::Permission,
            404 | 410 => Self::NotFound,
            408 => Self::Timeout,
            409 => Self::Conflict,
            412 => Self::PreconditionFailed,
            429 => Self::RateLimit,
            400 | 422 => Self::Validation,
            _ if problem.unauthorized => Self::Credentials,
            // ABP answers what a user did wrong with 500 as well.
            _ if !problem.validation.is_empty() => Self::Validation,
            300..=399 => Self::UnexpectedAnswer,
            _ => Self::Server,
        }
    }
}
