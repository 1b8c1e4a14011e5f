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

/// How many unlisted values have been kept so far.
pub(super) fn now() -> u64 {
    COUNT.get()
}

/// Forgets the unlisted values of a reading that came to nothing.
pub(super) fn reset(to: u64) {
    COUNT.set(to);
}

/// Runs `read`, and returns how many unlisted values it kept. They count for nobody else until
/// they are [added](add).
pub(super) fn count<T>(read: impl FnOnce() -> T) -> (T, u64) {
    let before = now();
    let result = read();
    let found = now().wrapping_sub(before);
    reset(before);
    (result, found)
}

/// Counts the unlisted values of the reading that was chosen.
pub(super) fn add(found: u64) {
    COUNT.set(COUNT.get().wrapping_add(found));
}
