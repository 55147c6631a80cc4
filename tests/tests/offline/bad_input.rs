//! Mistakes of users, and damage around them: each a transcript.

mod damaged;
mod files;
mod full_disk;
mod interrupted;
mod names;
mod no_cluster;
mod usage;
