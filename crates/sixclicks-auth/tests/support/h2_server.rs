//! A server of HTTP/2 that hands out tokens and answers calls as a test has put in line.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use h2::{Reason, RecvStream, server::SendResponse};
use http::{Request, Response, StatusCode};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{TOKEN, front::Identity};

/// What the server does with a call.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with a status, and with a text in a header and in the body.
    Say(u16, String),
    /// Resets the stream before anything is answered.
    Reset,
    /// Resets the stream after the head and half of the body.
    ResetAfter(u16, String),
    /// Wants nothing more of the connection.
    GoAway,
}

type Line = Arc<Mutex<VecDeque<Act>>>;

/// Starts a server; what is in no line is answered well.
pub async fn start(identity: &Identity, line: impl IntoIterator<Item = Act>) -> String {
    let line = Arc::new(Mutex::new(line.into_iter().collect()));
    let acceptor = identity.acceptor("h2");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(acceptor.clone(), stream, Arc::clone(&line)));
        }
    });
    format!("https://localhost:{port}")
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, line: Line) -> Result<(), h2::Error> {
    let Ok(stream) = acceptor.accept(stream).await else {
        return Ok(());
    };
    let mut connection = h2::server::handshake(stream).await?;
    while let Some(request) = connection.accept().await {
        let (request, respond) = request?;
        let act = if is_exchange(&request) {
            Act::Say(200, format!(r#"{{"accessToken":"{TOKEN}"}}"#))
        } else {
            let next = line.lock().unwrap().pop_front();
            next.unwrap_or(Act::Say(200, "{}".to_owned()))
        };
        match act {
            Act::GoAway => connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM),
            act => answer(act, respond)?,
        }
    }
    Ok(())
}

fn is_exchange(request: &Request<RecvStream>) -> bool {
    request.uri().path().ends_with("/auth/token")
}

fn answer(act: Act, mut respond: SendResponse<Bytes>) -> Result<(), h2::Error> {
    let (status, text, whole) = match act {
        Act::Say(status, text) => (status, text, true),
        Act::ResetAfter(status, text) => (status, text, false),
        Act::Reset | Act::GoAway => {
            respond.send_reset(Reason::INTERNAL_ERROR);
            return Ok(());
        }
    };
    let mut head = Response::new(());
    *head.status_mut() = StatusCode::from_u16(status).unwrap();
    if let Ok(value) = text.parse() {
        head.headers_mut().insert("x-request-id", value);
    }
    let mut body = respond.send_response(head, false)?;
    body.send_data(text.into(), whole)?;
    if !whole {
        body.send_reset(Reason::INTERNAL_ERROR);
    }
    Ok(())
}
