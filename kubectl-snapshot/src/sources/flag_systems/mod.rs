//! Flag systems that are asked over the network: what they serve, and switching it.
//!
//! Each has a file of its own. What their answers mean is the core's.

mod connection;
mod error;
mod flipt;
mod tokens;
mod unleash;
mod wish;

use std::time::Duration;

use snapshot_core::{
    flag_source::{FlagSource, SystemType},
    flags::ServedFlags,
};

pub use error::{FlagSystemError, Problem};
pub use tokens::{Token, Tokens};
pub use wish::{Switched, Wish, may_be_done};

use connection::Connection;

/// Flags that a system serves.
#[derive(Debug)]
pub struct Served {
    /// The flags.
    pub flags: ServedFlags,
    /// Environment of the flag system that they are of.
    pub environment: Option<String>,
    /// Revision of the answer, in the system's own words.
    pub revision: Option<String>,
    /// True if what people have put on the flags was to be seen: what they need is among it.
    pub has_words: bool,
}

/// Reads the flags that a system serves. `patience` is how long one request may take.
pub async fn read(
    source: &FlagSource,
    tokens: &Tokens,
    patience: Option<Duration>,
) -> Result<Served, FlagSystemError> {
    let connection = Connection::open(source, tokens, patience)?;
    match source.system {
        SystemType::Unleash => unleash::read(&connection).await,
        SystemType::Flipt => flipt::read(&connection).await,
    }
}

/// Switches a flag, and waits until services are told so.
pub async fn switch(
    source: &FlagSource,
    tokens: &Tokens,
    patience: Option<Duration>,
    wish: Wish<'_>,
) -> Result<Switched, FlagSystemError> {
    let connection = Connection::open(source, tokens, patience)?;
    match source.system {
        SystemType::Unleash => unleash::switch(&connection, wish).await,
        SystemType::Flipt => flipt::switch(&connection, wish).await,
    }
}
