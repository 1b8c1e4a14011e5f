//! Secrets are wiped from memory when they are dropped, which the process finds out by
//! reading its own memory.
#![cfg(target_os = "linux")]

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    time::SystemTime,
};

use sixclicks_auth::{AccessToken, ApiKey};
use zeroize::Zeroize;

/// What is looked for stands in memory in this disguise, so that looking finds only what
/// others have left.
const DISGUISE: u8 = 0x5a;

fn secret(disguised: &[u8]) -> String {
    disguised
        .iter()
        .map(|byte| char::from(byte ^ DISGUISE))
        .collect()
}

fn disguised(marker: u8) -> Vec<u8> {
    // The allocator writes over the beginning of what is freed; only the rest is looked for.
    (0..64u8)
        .map(|i| (b'a' + (i % 9 * 7 + i % 5 + marker) % 26) ^ DISGUISE)
        .collect()
}

/// How often the end of a secret stands in the heap.
fn copies(disguised: &[u8]) -> usize {
    let end = &disguised[32..];
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains("rw-p")) {
        let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let at = |text| u64::from_str_radix(text, 16).unwrap();
        let mut part = vec![0; (at(to) - at(from)) as usize];
        memory.seek(SeekFrom::Start(at(from))).unwrap();
        if memory.read_exact(&mut part).is_err() {
            continue;
        }
        let is_end = |window: &&[u8]| {
            let mut pairs = window.iter().zip(end);
            pairs.all(|(byte, hidden)| byte ^ DISGUISE == *hidden)
        };
        found += part.windows(end.len()).filter(is_end).count();
        // What was looked at is not to be found the next time.
        part.zeroize();
    }
    found
}

#[test]
fn key_and_token_are_wiped_when_they_are_dropped() {
    // What is not wiped is found, so that finding nothing means something.
    let plain = disguised(1);
    drop(std::hint::black_box(secret(&plain)));
    assert!(copies(&plain) > 0, "the search finds nothing at all");

    let of_key = disguised(2);
    let key = ApiKey::from(secret(&of_key));
    assert!(copies(&of_key) > 0);
    drop(key);
    assert_eq!(copies(&of_key), 0);

    let of_token = disguised(3);
    let token = AccessToken::new(secret(&of_token), SystemTime::now());
    assert!(copies(&of_token) > 0);
    drop(token.clone());
    drop(token);
    assert_eq!(copies(&of_token), 0);
}
