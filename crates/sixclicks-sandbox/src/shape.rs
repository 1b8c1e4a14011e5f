//! What values made at random are like.

/// Which way a value goes: properties that are `readOnly` are not sent, those that are
/// `writeOnly` not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Request,
    /// From the server.
    #[default]
    Answer,
}

/// Which properties are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optional {
    /// Required ones alone.
    Never,
    /// Every one.
    #[default]
    Always,
    /// Every second one, by chance.
    Sometimes,
}

/// What the values are like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Which way they go.
    pub direction: Direction,
    /// Which properties they have.
    pub optional: Optional,
    /// Whether date-times are written without an offset, as ASP.NET writes local ones.
    pub offset_less: bool,
    /// Whether enums have values that the document does not list.
    pub unknown_values: bool,
    /// Whether objects have fields that the document does not list.
    pub unknown_fields: bool,
    /// Whether optional properties are `null`.
    pub nulls: bool,
    /// Characters that text has not, because they are separators where it stands.
    pub without: &'static str,
    /// Which of the listed values and of the parts of unions there are: in turns one after the
    /// other, each is there once. Without one, chance decides.
    pub turn: Option<u64>,
    /// Whether every list and object has something in it, for where an empty one is as none.
    pub filled: bool,
    /// Whether some numbers have more digits than 64 bits hold, where their format is one of such
    /// numbers. [`spelt`](crate::spelt) writes them.
    pub digits: bool,
    /// Whether values are examples, defaults or listed ones where the document has them, and
    /// otherwise short and plain, so that a server has the least reason to refuse them.
    pub plain: bool,
}
