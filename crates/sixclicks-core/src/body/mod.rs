//! Bodies that are not JSON: uploads, downloads and what the document leaves open.

mod any_body;
mod byte_stream;
mod charset;
mod disposition;
mod extensions;
mod file_part;
mod media_type;
mod progress;
mod upload;

pub use any_body::AnyBody;
pub use byte_stream::ByteStreamExt;
pub use file_part::FilePart;
pub use progress::Progress;
pub use upload::Upload;

pub(crate) use charset::{decode, utf8};
pub(crate) use media_type::choose as choose_media_type;
pub(crate) use upload::Segment;
