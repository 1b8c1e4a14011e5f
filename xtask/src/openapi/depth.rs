//! Room for recursion: documents come from outside and may nest.

use serde_json::Value;

/// How deeply a document may nest.
pub const DEEPEST: usize = 1_000;

/// Enough for a thousand levels of the largest recursive function here, built without optimisation.
const ROOM: usize = 64 * 1024 * 1024;

/// Runs `work` on a thread with room for deep recursion. A panic in it goes on in the caller.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(ROOM)
            .spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread to work on: {error}"),
        }
    })
}

/// Whether a value nests more than `limit` levels deep; found without recursion.
pub fn deeper_than(value: &Value, limit: usize) -> bool {
    let mut pending = vec![(value, 1)];
    while let Some((value, depth)) = pending.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Value::Array(list) => pending.extend(list.iter().map(|held| (held, depth + 1))),
            Value::Object(map) => pending.extend(map.values().map(|held| (held, depth + 1))),
            _ => {}
        }
    }
    false
}
