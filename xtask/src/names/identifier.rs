//! Rust identifiers of names: keywords, and the names that generated crates use themselves.
//!
//! What would have one of those names gets a suffix: an operation `_call`, a group `_group`, a
//! parameter `_param` and a field `_field`.

use crate::ident;

/// The methods of a client, beside its groups.
pub const CLIENT_METHODS: [&str; 12] = [
    "base_url",
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "fmt",
    "from",
    "into",
    "new",
    "request",
    "session",
    "with_base_url",
];

/// The files and modules of a crate, beside those of its groups.
pub const MODULES: [&str; 7] = ["client", "error", "lib", "main", "mod", "prelude", "types"];

/// The methods of a group's handle, beside its operations.
pub const HANDLE_METHODS: [&str; 9] = [
    "borrow",
    "borrow_mut",
    "client",
    "clone",
    "clone_from",
    "fmt",
    "from",
    "into",
    "new",
];

/// The methods of a request, beside its setters for parameters.
pub const REQUEST_METHODS: [&str; 24] = [
    "body",
    "body_as",
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "fmt",
    "from",
    "header",
    "idempotency_key",
    "if_match",
    "into",
    "into_future",
    "items",
    "new",
    "optional",
    "pages",
    "poll",
    "progress",
    "query",
    "reconnect",
    "resume",
    "send",
    "timeout",
];

/// The methods of a data type, beside its setters for fields.
pub const DATA_METHODS: [&str; 12] = [
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "default",
    "deserialize",
    "eq",
    "fmt",
    "from",
    "into",
    "new",
    "serialize",
];

/// How often snake case is tried until it changes nothing.
const ROUNDS: usize = 4;

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An operation, which is a method of a group's handle.
    Operation,
    /// A group, which is a method of the client.
    Group,
    /// A group's file, which is a module of the crate.
    Module,
    /// A parameter, which may be a method of a request.
    Parameter,
    /// A field of a data type.
    Field,
}

impl Kind {
    /// The names that generated crates use themselves.
    pub fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Operation => &HANDLE_METHODS,
            Self::Group => &CLIENT_METHODS,
            Self::Module => &MODULES,
            Self::Parameter => &REQUEST_METHODS,
            Self::Field => &DATA_METHODS,
        }
    }

    /// What a name gets that is reserved or a keyword.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Operation => "_call",
            Self::Group | Self::Module => "_group",
            Self::Parameter => "_param",
            Self::Field => "_field",
        }
    }

    /// The identifier of a name: in snake case, no keyword, and not reserved.
    pub fn identifier(self, name: &str) -> String {
        let name = settled(name);
        let reserved = self.reserved().contains(&name.as_str()) || ident::is_keyword(&name);
        if reserved { name + self.suffix() } else { name }
    }

    /// Whether a name can be used as it stands.
    pub fn allows(self, name: &str) -> bool {
        self.identifier(name) == name
    }
}

/// A name in snake case that snake case leaves as it is, which is not certain of letters that have
/// no lower case.
fn settled(name: &str) -> String {
    let words = |name: &str| name.split('_').all(|word| !word.is_empty());
    if words(name)
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    {
        return name.to_owned();
    }
    let mut name = ident::snake_name(name);
    for _ in 0..ROUNDS {
        let again = ident::snake_name(&name);
        if again == name {
            return name;
        }
        name = again;
    }
    name.retain(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    ident::snake_name(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_gets_a_suffix() {
        for (kind, name, expected) in [
            (Kind::Operation, "clone", "clone_call"),
            (Kind::Operation, "move", "move_call"),
            (Kind::Operation, "list", "list"),
            (Kind::Group, "request", "request_group"),
            (Kind::Group, "types", "types"),
            (Kind::Module, "types", "types_group"),
            (Kind::Module, "Client", "client_group"),
            (Kind::Parameter, "query", "query_param"),
            (Kind::Parameter, "sorting", "sorting"),
            (Kind::Field, "type", "type_field"),
            (Kind::Field, "new", "new_field"),
            (Kind::Group, "2fa", "x2fa"),
            (Kind::Group, "", "unnamed"),
        ] {
            assert_eq!(kind.identifier(name), expected, "{kind:?} {name}");
        }
    }

    #[test]
    fn no_reserved_name_with_its_suffix_is_reserved_again() {
        for kind in [
            Kind::Operation,
            Kind::Group,
            Kind::Module,
            Kind::Parameter,
            Kind::Field,
        ] {
            for name in kind.reserved() {
                let made = kind.identifier(name);
                assert_eq!(kind.identifier(&made), made);
                assert!(kind.allows(&made) && !kind.allows(name), "{made}");
            }
        }
    }
}
