//! What the benchmarks of generated methods share: a server on loopback, and a client of the
//! sample crate whose token is there already.

use axum::Router;
use sample_catalog_api::Client;
use sixclicks_auth::{AccessToken, Error, Session, SourceFuture, TokenSource};

/// Starts a server in the runtime; its address.
pub async fn serve(app: Router) -> std::io::Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(url)
}

/// A generated client of that server.
pub fn client(url: &str) -> Result<Client, Error> {
    let session = Session::builder(url).token_source(Fixed).build()?;
    Ok(Client::new(&session))
}

struct Fixed;

impl TokenSource for Fixed {
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { Ok(AccessToken::new("token", std::time::SystemTime::now())) })
    }
}
