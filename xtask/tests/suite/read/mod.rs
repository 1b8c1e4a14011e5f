//! Reading documents: files, folders, URLs and Swagger UI pages.

mod corpus;
mod duplicates;
mod fetch;
mod hostile;
mod pages;
mod references;
mod session;
mod source;
mod support;
