//! What ASP.NET services call the things that they page with.

/// Names without case and punctuation, likeliest first.
pub const SKIPS: [&str; 3] = ["skipcount", "skip", "offset"];
pub const PAGES: [&str; 6] = [
    "page",
    "pagenumber",
    "pageindex",
    "pageno",
    "pagenum",
    "currentpage",
];
pub const SIZES: [&str; 9] = [
    "maxresultcount",
    "pagesize",
    "top",
    "take",
    "limit",
    "perpage",
    "itemsperpage",
    "size",
    "pagelimit",
];
pub const ITEMS: [&str; 9] = [
    "items", "value", "data", "results", "records", "rows", "entries", "content", "list",
];
pub const TOTALS: [&str; 8] = [
    "totalcount",
    "total",
    "totalrecords",
    "totalitems",
    "totalresults",
    "totalelements",
    "odatacount",
    "recordstotal",
];
pub const LINKS: [&str; 2] = ["odatanextlink", "nextlink"];
pub const ENVELOPES: [&str; 4] = ["result", "data", "value", "response"];

/// The first of the likeliest name among things by their names on the wire.
pub fn likeliest<'a, T>(things: impl Iterator<Item = (&'a str, T)>, names: &[&str]) -> Option<T> {
    let ranked = things.filter_map(|(wire, thing)| {
        let plain = plain(wire);
        let rank = names.iter().position(|name| *name == plain)?;
        Some((rank, thing))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, thing)| thing)
}

/// A name without case and punctuation.
pub fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
