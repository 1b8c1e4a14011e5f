//! What texts of parameters cannot hold.

use sixclicks_sandbox::Place as At;

/// The characters that no text of a parameter can hold, because nothing tells them from the
/// separators of its style: a comma that is encoded is told from one that is not, but headers
/// have no encoding, and spaces and bars are encoded always.
pub fn of(at: At, style: &str, explode: bool, structured: bool) -> &'static str {
    match (at, style) {
        (At::Header, "spaceDelimited") if structured => " ",
        (At::Header, "pipeDelimited") if structured => "|",
        (At::Header, "tabDelimited") if structured => "\t",
        (At::Header, _) if structured => ",=",
        (At::Path, "label") if structured && explode => ".",
        (_, "spaceDelimited") if structured && !explode => " ",
        (_, "pipeDelimited") if structured && !explode => "|",
        _ => "",
    }
}
