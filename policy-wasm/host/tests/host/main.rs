//! The host against real components: a policy that misbehaves on request, and
//! files that are not quite policies.

mod answers;
mod cache;
mod determinism;
mod fixture;
mod isolation;
mod limits;
mod loading;
mod lookups;
