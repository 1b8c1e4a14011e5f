//! How far a long run is: a bar on a terminal, a plain line now and then elsewhere.

use std::{
    fmt::Display,
    io::IsTerminal,
    sync::atomic::{AtomicUsize, Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};

/// After how many steps there is a line where there is no terminal.
const LINE: usize = 50;

/// One part of a run, whose number of steps is known.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    total: usize,
    done: AtomicUsize,
    /// Where there is a terminal.
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A part that says what is done `total` times.
    pub fn new(what: &'static str, total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{bar:30} {pos}/{len} {prefix}, {elapsed} {msg}");
            ProgressBar::new(total as u64)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                .with_prefix(what)
        });
        Self {
            what,
            total,
            done: AtomicUsize::new(0),
            bar,
        }
    }

    /// One step more, and what it was about.
    pub fn step(&self, name: &dyn Display) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => {
                bar.set_message(name.to_string());
                bar.inc(1);
                if done == self.total {
                    bar.finish_and_clear();
                }
            }
            None if done.is_multiple_of(LINE) || done == self.total => {
                eprintln!("{done}/{} {}", self.total, self.what);
            }
            None => {}
        }
    }
}
