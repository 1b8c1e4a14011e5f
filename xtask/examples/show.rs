//! Scratch.
use xtask::*;
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut doc: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut report = report::Report::default();
    lower::lower(&mut doc, &mut report).unwrap();
    if std::env::args().nth(2).is_some() {
        println!("{}", serde_json::to_string_pretty(&doc).unwrap());
        return;
    }
    let s = generate::generate(&doc).unwrap();
    println!("{}\n//////\n{}\n//////\n{}", s.client, s.builder, s.types);
}
