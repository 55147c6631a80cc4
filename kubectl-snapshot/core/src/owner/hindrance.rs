//! Reasons why an object is not written in its owner's name.

use std::fmt;

/// The reason why an object is not written in its owner's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// A list has two elements of one key, which the API takes in a patch, and in no apply.
    Twice {
        /// Text that both of them are told by.
        element: String,
    },
    /// The owner applies the object in another API version.
    Version {
        /// That version.
        version: String,
    },
    /// The plan takes away what the owner has not applied, or changes what is not the owner's.
    NotOwned {
        /// JSON pointer of it.
        path: String,
    },
    /// Another manager has a say about what the plan changes.
    Others {
        /// That manager.
        manager: String,
        /// The JSON pointer.
        path: String,
    },
    /// The plan does not fit the object.
    Moved,
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice { element } => write!(f, "it has {element} twice in one list"),
            Self::Version { version } => write!(f, "its owner applies it as {version}"),
            Self::NotOwned { path } => write!(f, "its owner has not applied {}", dotted(path)),
            Self::Others { manager, path } => {
                write!(f, "{manager} owns {} too", dotted(path))
            }
            Self::Moved => f.write_str("it has changed since it was read"),
        }
    }
}

/// A JSON pointer, as people write a path.
fn dotted(path: &str) -> String {
    path.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~")
}
