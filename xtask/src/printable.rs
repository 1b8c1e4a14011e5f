//! Text that can stand in a source file.

/// A line without characters that a source file may not have in its comments, or that let it look
/// like another: controls, and what changes the direction of writing.
pub fn printable(line: &str) -> String {
    let stays = |c: &char| !c.is_control() && !is_direction(*c);
    line.chars().filter(stays).collect()
}

/// Whether a character changes the direction of writing (Unicode's `Bidi_Control`).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
