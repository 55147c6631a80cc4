//! What a variable of a set can be called.

/// Whether a ConfigMap can have it as a key: sets move between homes, so this
/// holds for files as well.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    legal && !name.is_empty() && name.len() <= 253 && name != "." && !name.starts_with("..")
}
