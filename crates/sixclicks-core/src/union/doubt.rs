//! Counts what a value holds that its type does not list.
//!
//! Open enums and unions take any value, so a candidate that takes one says
//! little by itself. A union asks how many unlisted values a candidate had to
//! keep, and prefers one that lists them.

use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Records that a value was kept although its type does not list it.
pub fn unlisted() {
    COUNT.set(COUNT.get().wrapping_add(1));
}

/// Runs `read`, and returns how many unlisted values it kept.
pub(super) fn count<T>(read: impl FnOnce() -> T) -> (T, i64) {
    let before = COUNT.get();
    let result = read();
    let found = COUNT.get().wrapping_sub(before);
    (result, i64::try_from(found).unwrap_or(i64::MAX / 4))
}
