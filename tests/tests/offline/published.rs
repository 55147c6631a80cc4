//! Shops and flag files that others have published.

mod flag_files;
mod releases;
