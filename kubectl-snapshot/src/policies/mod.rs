//! The policy host's side of the plugin: which policies there are, what they
//! are asked, and what they said in the plugin's own words.

mod changes;
mod evaluate;
mod question;
mod source;

pub use evaluate::{Asked, evaluate};
pub use source::{PolicySource, Unreadable};
