//! Files in multipart forms.

use std::path::PathBuf;

use bytes::Bytes;

use super::{Progress, Upload};

/// A file in a multipart form: its content, its name and its media type.
///
/// The name may be any Unicode text; it is sent the way browsers send it, and marked as UTF-8
/// besides where it is not ASCII.
///
/// ```
/// use sixclicks_core::FilePart;
/// let report = FilePart::from_bytes("Prüfbericht.csv", "id;result\n")
///     .with_content_type("text/csv");
/// assert_eq!(report.file_name(), "Prüfbericht.csv");
/// ```
#[derive(Clone, Debug)]
pub struct FilePart {
    upload: Upload,
    file_name: String,
    content_type: Option<String>,
}

impl FilePart {
    /// A file on disk, under its own name. It is read when the request is sent.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        Self::from_upload(name, Upload::from_path(path))
    }

    /// A file from memory.
    pub fn from_bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::from_upload(file_name, Upload::from_bytes(bytes))
    }

    /// A file from any source.
    pub fn from_upload(file_name: impl Into<String>, upload: impl Into<Upload>) -> Self {
        let upload = upload.into();
        Self {
            content_type: upload.content_type().map(str::to_owned),
            file_name: file_name.into(),
            upload,
        }
    }

    /// Sends the file under another name.
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sets the media type, such as `image/png`.
    ///
    /// Without it the extension of the file's name selects one of those that the document allows
    /// for the part; if it selects none, the first of them is sent, or
    /// `application/octet-stream`.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Calls back after each chunk of this file that was handed to the connection.
    pub fn with_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.upload = self.upload.with_progress(callback);
        self
    }

    /// The name that the server is told.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The media type, where one was set.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    pub(crate) fn into_upload(self) -> Upload {
        self.upload
    }
}

impl From<PathBuf> for FilePart {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}
