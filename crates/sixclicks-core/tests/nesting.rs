//! A server that answers a type which contains itself, as deep as it likes, on a small stack.

use serde::{Deserialize, Serialize};
use sixclicks_core::{Error, Response, ResponseValue};

/// A type of a kilobyte, which contains itself.
#[derive(Debug, Serialize, Deserialize)]
struct Folder {
    inner: Option<Box<Folder>>,
    folders: Option<Vec<Folder>>,
    names: Option<[[Option<String>; 20]; 2]>,
}

fn answer(status: u16, body: String) -> Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status.try_into().unwrap();
    let json = "application/json".parse().unwrap();
    response.headers_mut().insert("content-type", json);
    Response::new(response.into(), "get_folder", false).nesting()
}

fn folders(depth: usize) -> String {
    let open = "{\"folders\":[{\"inner\":".repeat(depth / 3);
    open + "null" + &"}]}".repeat(depth / 3)
}

/// Runs on a stack of this size, in kilobytes.
fn on_stack<T: Send + 'static>(size: usize, work: impl Future<Output = T> + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(size * 1024);
    let run = move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.build().unwrap().block_on(work)
    };
    thread.spawn(run).unwrap().join().unwrap()
}

#[test]
fn an_answer_may_nest_deeper_than_the_stack_of_a_task_has_room_for() {
    for (status, depth) in [(200, 126), (404, 126), (200, 6)] {
        let read = on_stack(1024, async move {
            let response = answer(status, folders(depth));
            match status {
                200 => {
                    let read: Result<ResponseValue<Folder>, Error> = response.json().await;
                    read.is_ok()
                }
                _ => response.error_json::<Folder>().await.typed().is_some(),
            }
        });
        assert!(read, "{status}, {depth} levels");
    }
}

#[test]
fn an_answer_without_end_is_an_error() {
    for body in [folders(3000), "[".repeat(100_000)] {
        let error = on_stack(1024, async move {
            let read: Result<ResponseValue<Folder>, Error> = answer(200, body).json().await;
            read.unwrap_err().to_string()
        });
        assert!(
            error.contains("the body is not what the document says"),
            "{error}"
        );
    }
}
