//! Names of variables.

/// True if a ConfigMap can have it as a key: sets move between stores, so this holds for
/// files as well.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    legal && !name.is_empty() && name.len() <= 253 && name != "." && !name.starts_with("..")
}
