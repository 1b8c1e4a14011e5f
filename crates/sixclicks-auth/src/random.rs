//! Random numbers, from the generator of the TLS library.

use ring::rand::{SecureRandom, SystemRandom};

/// A number from 0 up to, but not including, 1; a half when the system has no randomness.
pub fn fraction() -> f64 {
    match bytes() {
        Some(bytes) => f64::from(u32::from_ne_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        None => 0.5,
    }
}

/// Random bytes; none when the system has no randomness.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::fraction;

    #[test]
    fn fractions_differ_and_stay_below_one() {
        let drawn: Vec<_> = std::iter::repeat_with(fraction).take(1_000).collect();
        assert!(drawn.iter().all(|number| (0.0..1.0).contains(number)));
        let low = drawn.iter().filter(|number| **number < 0.5).count();
        // Fewer than 350 of 1,000 has a probability below 10^-20.
        assert!((350..650).contains(&low), "{low} of 1,000 below a half");
    }
}
