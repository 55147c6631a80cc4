//! Measure of files: most are small, and none is large.

use std::fs;

use crate::{rust_files, sources};

const MEDIAN: usize = 120;
const MOST_OF_THEM: usize = 400;
const LONGEST: usize = 600;

/// Lines of a file before its tests, which stand at its end; none for a file of tests.
pub(crate) fn lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|two| {
        two[0] == "#[cfg(test)]" && two[1].contains("mod ") && two[1].ends_with('{')
    });
    tests.unwrap_or(lines.len())
}

#[test]
fn files_are_small() {
    let mut measured = Vec::new();
    for source in sources() {
        for file in rust_files(&source) {
            let inside = file.strip_prefix(&source).expect("it is inside");
            if !inside.iter().any(|part| part == "tests" || part == "tests.rs") {
                let text = fs::read_to_string(&file).expect("a source file can be read");
                measured.push((lines(&text), file));
            }
        }
    }
    measured.sort();
    assert!(measured.len() > 300, "only {} files were found", measured.len());
    let (median, _) = measured[measured.len() / 2];
    let (most, _) = measured[measured.len() * 95 / 100];
    let (longest, file) = measured.last().expect("there are files");
    assert!(median <= MEDIAN, "half of the files have more than {median} lines");
    assert!(most <= MOST_OF_THEM, "one file in twenty has more than {most} lines");
    assert!(*longest <= LONGEST, "{} has {longest} lines", file.display());
}

#[test]
fn tests_at_the_end_of_a_file_do_not_count() {
    assert_eq!(lines("//! One.\nfn one() {}\n"), 2);
    assert_eq!(lines("fn one() {}\n\n#[cfg(test)]\nmod tests {\n}\n"), 2);
    assert_eq!(lines("#[cfg(test)]\nmod shop;\nfn one() {}\n"), 3);
}
