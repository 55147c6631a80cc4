//! Owners of objects: the deployers that wrote what a plan changes, and will write it again.

mod creator;
mod deployer;
mod deployer_marks;
mod extract;
mod fields;
mod hindrance;
mod identity;
mod managers;
mod note;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod write;
mod writer;

pub use creator::is_own;
pub use deployer::Deployer;
pub use deployer_marks::{ARGO_CD, DeployerMarks};
pub use hindrance::Hindrance;
pub use identity::Owner;
pub use note::OwnerNote;
pub(crate) use note::{Owned, Way, notes};
pub use write::{OwnersWrite, in_owners_name, is_as_planned};
pub use writer::{Writer, writer};
