//! The sandbox as its users see it: how it is built, what it is told, and what it tells.

use std::{
    collections::{HashSet, VecDeque},
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    answer::Answer,
    collections::Collections,
    dialect::Dialect,
    document::Document,
    operations::Results,
    received::{History, Received},
    respond::Choice,
    serve,
};

/// A local 6clicks. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    key: String,
    shared: Shared,
    stop: Option<oneshot::Sender<()>>,
}

/// Builds a [`Sandbox`].
#[derive(Clone)]
pub struct Builder {
    key: String,
    life: Duration,
    envelope: bool,
    listen: SocketAddr,
    documents: Vec<Arc<Document>>,
    log: Option<Log>,
}

/// What is called with each line of the log.
pub(crate) type Log = Arc<dyn Fn(&str) + Send + Sync>;

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

pub(crate) type Shared = Arc<Mutex<Inner>>;

/// What the sandbox knows.
pub(crate) struct Inner {
    pub keys: HashSet<String>,
    pub life: Duration,
    pub envelope: bool,
    pub issued: u64,
    pub exchanges: usize,
    /// Tokens that are no longer accepted although they have not ended.
    pub revoked: HashSet<u64>,
    pub ahead: Duration,
    pub received: History,
    pub scripted: VecDeque<Answer>,
    pub scripted_exchanges: VecDeque<Answer>,
    pub results: Results,
    pub collections: Collections,
    pub documents: Vec<Arc<Document>>,
    pub choices: VecDeque<Choice>,
    pub log: Option<Log>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox with defaults on a free port.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts building a sandbox.
    pub fn builder() -> Builder {
        Builder {
            key: "sandbox-key".to_owned(),
            life: Duration::from_secs(24 * 3_600),
            envelope: false,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            documents: Vec::new(),
            log: None,
        }
    }

    /// The socket address at which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The key that it takes.
    pub fn api_key(&self) -> &str {
        &self.key
    }

    /// How often a key was exchanged for a token.
    pub fn exchanges(&self) -> usize {
        self.inner().exchanges
    }

    /// The requests that were received, without exchanges: the last 10,000, or fewer if they
    /// are large.
    pub fn received(&self) -> Vec<Received> {
        self.inner().received.all()
    }

    /// Answers the next request like this, exchanges apart. Several are given in turn.
    pub fn script(&self, answer: Answer) {
        self.inner().scripted.push_back(answer);
    }

    /// Chooses which documented answer the next request gets; several are given in turn.
    /// The headers `Sandbox-Status` and `Sandbox-Habit` of a request choose as well.
    pub fn choose(&self, choice: Choice) {
        self.inner().choices.push_back(choice);
    }

    /// Forgets what was received and what was chosen or scripted for later.
    pub fn clear(&self) {
        let mut inner = self.inner();
        inner.received.clear();
        inner.choices.clear();
        inner.scripted.clear();
    }

    /// Answers the next exchange like this.
    pub fn script_exchange(&self, answer: Answer) {
        self.inner().scripted_exchanges.push_back(answer);
    }

    /// Accepts none of the tokens that were issued so far.
    pub fn revoke_tokens(&self) {
        let mut inner = self.inner();
        inner.revoked = (0..=inner.issued).collect();
    }

    /// Lets time pass for the server, so that tokens end.
    pub fn advance(&self, time: Duration) {
        self.inner().ahead += time;
    }

    /// Accepts the key no longer.
    pub fn delete_key(&self) {
        self.inner().keys.clear();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.shared)
    }
}

pub(crate) fn lock(shared: &Shared) -> MutexGuard<'_, Inner> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has ended already needs no telling.
            let _ = stop.send(());
        }
    }
}

impl Builder {
    /// The key that it takes.
    #[must_use]
    pub fn api_key(mut self, key: &str) -> Self {
        self.key = key.to_owned();
        self
    }

    /// How long its tokens live.
    #[must_use]
    pub fn token_life(mut self, life: Duration) -> Self {
        self.life = life;
        self
    }

    /// Whether answers are in the envelope that ABP may put around them.
    #[must_use]
    pub fn envelope(mut self, envelope: bool) -> Self {
        self.envelope = envelope;
        self
    }

    /// The address to listen at; a free port of this machine unless told otherwise.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Serves the operations of a document, as it was received: Swagger 2.0 or OpenAPI 3.
    /// Every request is checked against it; a wrong one is answered 400. Several documents
    /// are served side by side; a path that more than one has is the first one's.
    #[must_use]
    pub fn document(self, document: Value) -> Self {
        self.document_in(document, Dialect::Strict)
    }

    /// The same, with requests and answers as the tool that wrote the document means them.
    #[must_use]
    pub fn document_in(mut self, document: Value, dialect: Dialect) -> Self {
        let document = Document::in_dialect(document, dialect);
        self.documents.push(Arc::new(document));
        self
    }

    /// Calls a function with each line of a log: one for every request, exchanges among them,
    /// with its status, and one for each rule that it breaks. Lines hold no keys or tokens.
    #[must_use]
    pub fn log(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Some(Arc::new(log));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened at.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = TcpListener::bind(self.listen).await?;
        let address = listener.local_addr()?;
        let shared: Shared = Arc::new(Mutex::new(Inner {
            keys: HashSet::from([self.key.clone()]),
            life: self.life,
            envelope: self.envelope,
            issued: 0,
            exchanges: 0,
            revoked: HashSet::new(),
            ahead: Duration::ZERO,
            received: History::default(),
            scripted: VecDeque::new(),
            scripted_exchanges: VecDeque::new(),
            results: Vec::new(),
            collections: Collections::default(),
            documents: self.documents,
            choices: VecDeque::new(),
            log: self.log,
        }));
        let (stop, stopped) = oneshot::channel();
        let app = Router::new()
            .fallback(serve::handle)
            .with_state(Arc::clone(&shared));
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(async move {
            // A connection that breaks is the client's to see.
            let _ = server.await;
        });
        Ok(Sandbox {
            address,
            key: self.key,
            shared,
            stop: Some(stop),
        })
    }
}
