//! Sending a call through a client and its hooks.

use futures_util::TryFutureExt;
use http::Method;
use http::header::{CONTENT_LENGTH, COOKIE, HeaderValue};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::Request;

use super::path::PathBuilder;
use super::{Call, replay, route};
use crate::Error;
use crate::response::{Failure, Response};

impl Call<'_> {
    /// Sends the request and returns the answer once its head has arrived.
    ///
    /// The client's hooks run as progenitor runs them: `pre`, `exec`, `post`.
    /// An error that `exec` left in a [`Failure`] is returned as it is.
    ///
    /// # Errors
    /// When the call is not one that can be sent, a hook refuses it, or the
    /// connection fails. Any status is an answer, no error.
    pub fn send<E, C, I>(
        self,
        client: &C,
        info: &OperationInfo,
    ) -> impl Future<Output = Result<Response, Error<E>>>
    where
        C: ClientInfo<I> + ClientHooks<I>,
    {
        // Not `async`, which would keep the call in two places, here and below.
        self.send_untyped(client, info).map_err(Error::retype)
    }

    /// Compiled once for a client, whatever the errors of its operations.
    async fn send_untyped<C, I>(self, client: &C, info: &OperationInfo) -> Result<Response, Error>
    where
        C: ClientInfo<I> + ClientHooks<I>,
    {
        let (operation, unwrap_abp) = (self.operation, self.unwrap_abp);
        let (mut request, path) = self
            .into_request()
            .await
            .map_err(|message| Error::invalid_request(operation, message))?;
        if let Err(error) = client.pre::<()>(&mut request, info).await {
            return Err(Box::pin(from_hook(operation, error)).await);
        }
        let result = route::within(path, client.exec(request, info)).await;
        if let Err(error) = client.post::<()>(&result, info).await {
            return Err(Box::pin(from_hook(operation, error)).await);
        }
        let mut response = result.map_err(|error| Error::from_transport(operation, error))?;
        match Failure::take(&mut response) {
            Some(error) => Err(error.with_operation(operation)),
            None => Ok(Response::new(response, operation, unwrap_abp)),
        }
    }

    /// The request, its body opened, and its path.
    async fn into_request(mut self) -> Result<(Request, PathBuilder), String> {
        let url = self.url()?;
        let (body, source) = self.body.prepare(&mut self.headers).await?;
        // RFC 9110, section 8.6: methods whose content has a meaning state that there is none.
        // IIS and other front ends answer 411 otherwise.
        if body.is_none() && expects_content(&self.method) {
            self.headers.entry(CONTENT_LENGTH).or_insert(0.into());
        }
        if !self.cookies.is_empty() {
            let cookies = HeaderValue::try_from(&self.cookies)
                .map_err(|_| "a cookie has a character that headers cannot hold".to_owned())?;
            self.headers.insert(COOKIE, cookies);
        }
        let mut request = Request::new(self.method, url);
        *request.headers_mut() = self.headers;
        *request.body_mut() = body;
        if let Some(source) = source {
            request = replay::attach(request, source).map_err(|error| error.to_string())?;
        }
        Ok((request, self.path))
    }
}

/// Whether HTTP gives content a meaning in requests of this method. Methods that HTTP does not
/// define, such as `QUERY`, are taken for such.
fn expects_content(method: &Method) -> bool {
    !matches!(
        *method,
        Method::GET
            | Method::HEAD
            | Method::DELETE
            | Method::OPTIONS
            | Method::TRACE
            | Method::CONNECT
    )
}

/// What progenitor's hooks may return, as our error.
async fn from_hook(operation: &'static str, error: progenitor_client::Error<()>) -> Error {
    use progenitor_client::Error as Hook;
    match error {
        Hook::InvalidRequest(message) | Hook::Custom(message) => {
            Error::invalid_request(operation, message)
        }
        Hook::CommunicationError(error)
        | Hook::InvalidUpgrade(error)
        | Hook::ResponseBodyError(error) => Error::from_transport(operation, error),
        Hook::ErrorResponse(value) => {
            let (status, headers) = (value.status(), value.headers().clone());
            Error::from_response(operation, status, headers, Default::default(), None)
        }
        Hook::InvalidResponsePayload(_, error) => {
            Error::invalid_request(operation, format!("a hook could not read JSON: {error}"))
        }
        Hook::UnexpectedResponse(response) => {
            Response::new(response, operation, false).unexpected().await
        }
    }
}
