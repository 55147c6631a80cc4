//! Pages that the plugin writes.

/// The first characters of every page.
const START: &str = "<!DOCTYPE html>\n<html lang=\"en\">";

/// Fails where a browser would ask anybody for anything, or run what is not the file's own.
///
/// # Panics
/// There.
#[track_caller]
pub fn assert_stands_alone(file: &str) {
    assert!(file.starts_with(START) && file.ends_with("</html>\n"), "{file}");
    let policy = "default-src 'none'; script-src 'sha256-";
    assert!(file.contains(policy), "{file}");
    for outside in [" src=", " href=", "url(", "@import", "javascript:", " style="] {
        assert!(!file.contains(outside), "{outside} in {file}");
    }
    assert_eq!((file.matches("<script").count(), file.matches("<style").count()), (1, 1));
}
