//! Measuring in pairs: what is ours and what it is compared with run alternately in one
//! process, so that a busy machine slows both. `cargo xtask bench` runs all benchmarks
//! and shows a table of the lines that they print.

use std::time::{Duration, Instant};

use serde::Serialize;

/// How long one comparison goes on, unless its rounds are slower than that.
const BUDGET: Duration = Duration::from_secs(3);
/// How many rounds there are at least, however slow.
const FEWEST: usize = 5;
/// How long a sample is at least, so that the clock's own cost does not count.
const SAMPLE: Duration = Duration::from_millis(1);

/// What is measured, and what it is held against.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// What both do.
    pub name: &'a str,
    /// Who does it our way.
    pub a: &'a str,
    /// Who does it the other way.
    pub b: &'a str,
    /// The ratio of A to B that must not be exceeded, if one was promised.
    pub bound: Option<f64>,
}

impl Comparison<'_> {
    /// Runs both alternately and prints the median of the ratios as one line of JSON.
    /// Returns the ratio.
    pub fn run(&self, mut a: impl FnMut(), mut b: impl FnMut()) -> f64 {
        let times = repetitions(&mut b);
        let (mut of_a, mut of_b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let begin = Instant::now();
        while ratios.len() < FEWEST || begin.elapsed() < BUDGET {
            // The order alternates, so that neither always finds the cache warm.
            let (x, y) = if ratios.len().is_multiple_of(2) {
                let x = seconds(times, &mut a);
                (x, seconds(times, &mut b))
            } else {
                let y = seconds(times, &mut b);
                (seconds(times, &mut a), y)
            };
            of_a.push(x);
            of_b.push(y);
            ratios.push(x / y);
        }
        let ratio = median(ratios);
        print(&Line {
            name: self.name,
            a: Some(Side::new(self.a, median(of_a))),
            b: Some(Side::new(self.b, median(of_b))),
            value: ratio,
            unit: "×",
            bound: self.bound,
        });
        ratio
    }
}

/// A figure that stands for itself.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// What was measured.
    pub name: &'a str,
    /// How much it is.
    pub value: f64,
    /// What is counted.
    pub unit: &'a str,
    /// What must not be exceeded, if something was promised.
    pub bound: Option<f64>,
}

impl Figure<'_> {
    /// Prints the figure as one line of JSON.
    pub fn print(&self) {
        print(&Line {
            name: self.name,
            a: None,
            b: None,
            value: self.value,
            unit: self.unit,
            bound: self.bound,
        });
    }
}

/// The median of the seconds that one run takes.
pub fn time(mut run: impl FnMut()) -> f64 {
    let times = repetitions(&mut run);
    let begin = Instant::now();
    let mut samples = Vec::new();
    while samples.len() < FEWEST || begin.elapsed() < BUDGET {
        samples.push(seconds(times, &mut run));
    }
    median(samples)
}

/// How often something has to run for a sample of it to be long enough.
fn repetitions(run: &mut impl FnMut()) -> u32 {
    let mut times = 1;
    loop {
        let took = seconds(times, run) * f64::from(times);
        if took >= SAMPLE.as_secs_f64() || times >= 1 << 20 {
            return times;
        }
        times *= 2;
    }
}

fn seconds(times: u32, run: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        run();
    }
    start.elapsed().as_secs_f64() / f64::from(times)
}

/// The middle of some figures; half-way between the two in the middle when they are even.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len().is_multiple_of(2) {
        f64::midpoint(figures[middle - 1], figures[middle])
    } else {
        figures[middle]
    }
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    a: Option<Side<'a>>,
    b: Option<Side<'a>>,
    value: f64,
    unit: &'a str,
    bound: Option<f64>,
}

#[derive(Serialize)]
struct Side<'a> {
    name: &'a str,
    seconds: f64,
}

impl<'a> Side<'a> {
    fn new(name: &'a str, seconds: f64) -> Self {
        Self { name, seconds }
    }
}

fn print(line: &Line<'_>) {
    match serde_json::to_string(line) {
        Ok(text) => println!("{text}"),
        Err(error) => eprintln!("{}: {error}", line.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 9.0]), 3.0);
    }
}
