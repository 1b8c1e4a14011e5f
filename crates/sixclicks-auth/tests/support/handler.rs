//! A server on a real socket whose responses are computed from the requests.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

use super::{Act, TOKEN, token};

/// Computes the response to a request, of which it gets the head.
pub type Handle = dyn Fn(&str) -> Act + Send + Sync;

/// A running server with its counts.
pub struct Handler {
    pub url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    exchanges: AtomicUsize,
    calls: AtomicUsize,
}

impl Handler {
    /// Starts a server that exchanges every key and computes the responses to calls.
    pub async fn start(calls: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        Self::with_exchange(|_| token(TOKEN), calls).await
    }

    /// Starts a server that computes the responses to exchanges and calls.
    pub async fn with_exchange(
        exchange: impl Fn(&str) -> Act + Send + Sync + 'static,
        calls: impl Fn(&str) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counts = Arc::new(Counts::default());
        let (exchange, calls): (Arc<Handle>, Arc<Handle>) = (Arc::new(exchange), Arc::new(calls));
        let own = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (counts, exchange, calls) = (own.clone(), exchange.clone(), calls.clone());
                tokio::spawn(async move { serve(stream, &counts, &*exchange, &*calls).await });
            }
        });
        Self { url, counts }
    }

    pub fn exchanges(&self) -> usize {
        self.counts.exchanges.load(Ordering::SeqCst)
    }

    pub fn calls(&self) -> usize {
        self.counts.calls.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: TcpStream,
    counts: &Counts,
    exchange: &Handle,
    calls: &Handle,
) -> std::io::Result<()> {
    let head = super::read_head(&mut stream).await?;
    let act = if head.contains("/auth-api/1.0/auth/token") {
        counts.exchanges.fetch_add(1, Ordering::SeqCst);
        exchange(&head)
    } else {
        counts.calls.fetch_add(1, Ordering::SeqCst);
        calls(&head)
    };
    match act {
        Act::Say(text) => {
            stream.write_all(text.as_bytes()).await?;
            stream.shutdown().await
        }
        act => act.perform(stream).await,
    }
}
