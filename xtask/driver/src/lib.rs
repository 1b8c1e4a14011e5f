//! What the programs have in common that `cargo xtask conformance` generates to call every
//! operation of a crate. Such a program reads a call from each line of its input, as JSON,
//! and writes on one line what came of it. Values pass through as the JSON text that they
//! are, so that no digit is lost on the way.

mod call;
mod outcome;

use std::{future::Future, pin::Pin, time::Duration};

use sixclicks_auth::{ApiKey, RetryPolicy, Session};

pub use call::{Call, Done};
pub use outcome::{Told, any, failed, json, none, nothing, read, stream, text};

/// How long one call may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Reads calls from the input until it ends, and writes what comes of each.
///
/// # Panics
///
/// If the input is not a list of calls, which only the pipeline writes.
pub fn serve<'a>(run: &dyn Fn(Call) -> Pin<Box<dyn Future<Output = Done> + 'a>>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for line in std::io::stdin().lines() {
        let call = Call::read(&line.expect("a line of the input"));
        let done = match runtime.block_on(run(call)) {
            Ok(told) => told,
            Err(why) => outcome::unset(&why),
        };
        println!("{done}");
    }
}

/// The session of all calls, with the host and the key that the environment names.
///
/// # Panics
///
/// If the environment names none.
pub fn session() -> Session {
    let variable = |name: &str| std::env::var(name).expect(name);
    let mut policy = RetryPolicy::never();
    // The sandbox sends documented 429s on purpose, which are to delay no other call.
    policy.adaptive = false;
    Session::builder(&variable("SIXCLICKS_HOST"))
        .api_key(ApiKey::from(variable("SIXCLICKS_API_KEY").as_str()))
        .retry(policy)
        .timeout(LIMIT)
        .build()
        .expect("a session")
}
