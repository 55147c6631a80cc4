//! Scaffold of a new policy. That it builds and works is checked in `policy_languages`.

use std::fs;
use std::path::Path;

use end_to_end::{Invocation, TestEnvironment, test};

/// `policy new no-latest`, with more arguments.
fn new(environment: &TestEnvironment, arguments: &[&str]) -> Invocation {
    let command = ["policy", "new", "no-latest"].into_iter().chain(arguments.iter().copied());
    environment.plugin(command)
}

/// Every file below a folder, a line each.
fn files(folder: &Path) -> String {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    files.sort();
    files.join("\n")
}

#[test]
fn a_folder_and_what_to_do_in_it() {
    for language in ["rust", "python", "javascript", "c"] {
        let environment = TestEnvironment::new();
        let created = new(&environment, &["--language", language]).succeeds();
        let listing = files(environment.path());
        insta::assert_snapshot!(format!("policy_new_{language}"), format!("{created}{listing}"));
    }
}

#[test]
fn what_is_there_is_left_alone() {
    let environment = TestEnvironment::new();
    environment.write("no-latest/mine", "mine");
    environment.write("file", "mine");
    let rust = ["--language", "rust"];
    insta::assert_snapshot!("policy_new_taken", new(&environment, &rust).exits(1));
    let file = [&rust[..], &["--directory", "file"]].concat();
    insta::assert_snapshot!("policy_new_file", new(&environment, &file).exits(1));
    assert_eq!(files(environment.path()), "file\nno-latest/mine");
    // Where there is nothing, nothing is in the way.
    let here = [&rust[..], &["--directory", "."]].concat();
    let empty = TestEnvironment::new();
    new(&empty, &here).succeeds();
    assert!(files(empty.path()).contains("src/rule.rs"));
}

#[test]
fn what_there_is_no_template_for_is_said() {
    let environment = TestEnvironment::new();
    let promotion = ["--language", "c", "--decision", "promotion"];
    insta::assert_snapshot!("policy_new_no_template", new(&environment, &promotion).exits(2));
    insta::assert_snapshot!("policy_new_no_language", new(&environment, &[]).exits(2));
    let go = new(&environment, &["--language", "go"]).exits(2);
    assert!(go.stderr.contains("rust, python, javascript, c"), "{}", go.stderr);
    let name = ["policy", "new", "No_Latest", "--language", "rust"];
    insta::assert_snapshot!("policy_new_name", environment.plugin(name).exits(2));
    assert_eq!(files(environment.path()), "");
}
