//! The media types that the extension of a file name stands for: those of files that people attach,
//! or with the feature `media-types` all that are known.

/// The media types of a file name, the likeliest first.
#[cfg(feature = "media-types")]
pub fn media_types(file_name: &str) -> impl Iterator<Item = &'static str> + use<> {
    mime_guess::MimeGuess::from_path(file_name).iter_raw()
}

/// The media types of a file name, the likeliest first.
#[cfg(not(feature = "media-types"))]
pub fn media_types(file_name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let (_, extension) = file_name.rsplit_once('.').unwrap_or_default();
    let known = USUAL
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(extension));
    known.map_or(&[][..], |(_, types)| types).iter().copied()
}

#[cfg(not(feature = "media-types"))]
const USUAL: &[(&str, &[&str])] = &[
    ("7z", &["application/x-7z-compressed"]),
    ("aac", &["audio/aac"]),
    ("avi", &["video/x-msvideo"]),
    ("avif", &["image/avif"]),
    ("bmp", &["image/bmp"]),
    ("css", &["text/css"]),
    ("csv", &["text/csv"]),
    ("doc", &["application/msword"]),
    (
        "docx",
        &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ),
    ("eml", &["message/rfc822"]),
    ("gif", &["image/gif"]),
    ("gz", &["application/gzip"]),
    ("heic", &["image/heic"]),
    ("htm", &["text/html"]),
    ("html", &["text/html"]),
    ("ico", &["image/vnd.microsoft.icon"]),
    ("ics", &["text/calendar"]),
    ("jpeg", &["image/jpeg"]),
    ("jpg", &["image/jpeg"]),
    ("js", &["text/javascript"]),
    ("json", &["application/json"]),
    ("log", &["text/plain"]),
    ("m4a", &["audio/mp4"]),
    ("md", &["text/markdown"]),
    ("mov", &["video/quicktime"]),
    ("mp3", &["audio/mpeg"]),
    ("mp4", &["video/mp4"]),
    ("mpeg", &["video/mpeg"]),
    ("mpp", &["application/vnd.ms-project"]),
    ("msg", &["application/vnd.ms-outlook"]),
    ("odp", &["application/vnd.oasis.opendocument.presentation"]),
    ("ods", &["application/vnd.oasis.opendocument.spreadsheet"]),
    ("odt", &["application/vnd.oasis.opendocument.text"]),
    ("ogg", &["audio/ogg"]),
    ("pdf", &["application/pdf"]),
    ("png", &["image/png"]),
    ("ppt", &["application/vnd.ms-powerpoint"]),
    (
        "pptx",
        &["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
    ),
    ("rtf", &["application/rtf"]),
    ("svg", &["image/svg+xml"]),
    ("tar", &["application/x-tar"]),
    ("tif", &["image/tiff"]),
    ("tiff", &["image/tiff"]),
    ("tsv", &["text/tab-separated-values"]),
    ("txt", &["text/plain"]),
    ("vsd", &["application/vnd.visio"]),
    ("wav", &["audio/wav"]),
    ("webm", &["video/webm"]),
    ("webp", &["image/webp"]),
    ("xls", &["application/vnd.ms-excel"]),
    ("xlsm", &["application/vnd.ms-excel.sheet.macroEnabled.12"]),
    (
        "xlsx",
        &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    ),
    ("xml", &["application/xml", "text/xml"]),
    ("yaml", &["application/yaml"]),
    ("yml", &["application/yaml"]),
    ("zip", &["application/zip"]),
];
