//! Whose words a document is in.

/// How a document is read. Tools that write documents from ASP.NET code misdescribe their servers
/// in the same few ways, so that a request by the letter of such a document would reach the real
/// server without its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The document means what it says.
    #[default]
    Strict,
    /// A document of ASP.NET by an unknown tool.
    Aspnet,
    /// A document that Swashbuckle wrote.
    Swashbuckle,
    /// A document that NSwag wrote.
    Nswag,
    /// A document that Microsoft.AspNetCore.OpenApi wrote.
    Microsoft,
}

impl Dialect {
    /// Whether requests are read as ASP.NET binds them.
    pub fn is_aspnet(self) -> bool {
        self != Self::Strict
    }
}
