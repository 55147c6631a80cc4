//! The documentation, without a cluster: links lead somewhere, names exist, what is generated
//! is what would be generated now.

mod generated;
mod links;
mod names;
mod page;
mod picture;
mod plugin;
mod reference;
mod schemas;
mod workflows;
