//! The application: what is done with snapshots, whoever asks for it.
//!
//! It stands between the commands and the edges (`cluster`, `store`, `sources`, `policies`), returns
//! data of the core, and knows no terminal: whoever calls it watches through an [`Observer`].

mod author;
pub mod bisect;
mod builders;
pub mod capture;
mod clock;
pub mod compose;
mod connections;
pub mod deploy;
mod error;
pub mod evaluate;
pub mod evidence;
pub mod export;
mod failure;
mod flag_systems;
pub mod history;
pub mod live;
mod observer;
pub mod read;
pub mod records;
pub mod resolve;
pub mod resolved;
mod signals;
pub mod stages;
pub mod status;
mod unserved;
pub mod versions;
mod without_values;

pub use author::{author, recorder};
pub use clock::Clock;
pub use connections::{Connections, STORE_NAMESPACE, StoreLocation};
pub use error::AppError;
pub use failure::{Failure, FailureKind};
pub use flag_systems::{Demand, FlagSystems, read_source, read_sources};
pub use observer::{Note, Observer, Progress, Step, Task};
pub use signals::{Signal, Signals};
pub use without_values::document_as_captured_now;

use crate::cluster::Stop;

/// The surroundings of the application.
pub struct App {
    /// Clusters and the store.
    pub connections: Connections,
    /// The time.
    pub clock: Clock,
    /// The flag systems that the store names.
    pub flag_systems: FlagSystems,
    /// True where no registry of images is to be asked.
    pub offline: bool,
    /// The wish that the work ends, for work that ends in good order.
    pub stop: Stop,
    /// The signals that end the work.
    pub signals: Signals,
    /// Whoever watches.
    pub observer: Observer,
}
