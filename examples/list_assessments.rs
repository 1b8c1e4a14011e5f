//! Lists assessments by the published operation (tests/sample/published.json), so that it compiles
//! whatever the document in openapi/ is: of the real host when `SIXCLICKS_HOST` and `SIXCLICKS_API_KEY` are
//! set, and of a local sandbox otherwise.

use sixclicks_assessments_api::Client;
use sixclicks_auth::{ApiKey, Session};
use sixclicks_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let session = if std::env::var_os("SIXCLICKS_HOST").is_some() {
        Session::from_env()?
    } else {
        println!(
            "SIXCLICKS_HOST is not set; asking the sandbox at {}",
            sandbox.url()
        );
        Session::new(&sandbox.url(), ApiKey::from(sandbox.api_key()))?
    };
    let answer = Client::new(&session)
        .list_assessments()
        .body_map(|body| body.sorting("Name").max_result_count(3).skip_count(0))
        .send()
        .await?;
    println!("{:#}", answer.into_inner());
    Ok(())
}
