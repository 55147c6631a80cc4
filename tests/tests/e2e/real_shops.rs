//! Shops that others have published, release by release.

mod promotion;
mod published;
mod same;
mod table;
mod upgrade;
