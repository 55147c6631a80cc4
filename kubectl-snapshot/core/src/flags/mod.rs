//! Flag systems, and the flags of a set that come from them.
//!
//! Each system has a file of its own, with a row in the list of [`systems`], that finds what the system
//! keeps and turns it into flags of the domain; [`merge`] makes one set of them. An
//! [`Assembly`](crate::assembly::Assembly) asks for them when it is finished.

mod alike;
mod answer;
mod environment;
mod error;
mod flagd;
mod flipt;
mod lookup;
mod merge;
mod openfeature;
mod served;
mod set;
mod switch;
mod system;
mod systems;
mod unleash;
mod uses;
mod variables;

pub use alike::serve_alike;
pub use answer::{FlagWords, StrangeAnswer};
pub use error::FlagError;
pub use flagd::Unchangeable;
pub(crate) use served::has_hidden_words;
pub use served::{ServedFlags, hidden_origin, is_served, system_of};
pub use set::FlagFiles;
pub(crate) use set::read;
pub use switch::SwitchError;
pub(crate) use switch::{holder_of, switch, switched, with_definition};
pub(crate) use systems::{config_map_of, instance_of};
pub use uses::Uses;
pub use variables::flag_variables;
