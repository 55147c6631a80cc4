//! Scaffold of a new policy. That it builds and works is checked in `policy_languages`.

use std::fs;
use std::path::Path;

use end_to_end::{Cluster, Folder, Invocation};

/// `policy new no-latest` in a folder, where there is no cluster.
fn new(folder: &Folder, arguments: &[&str]) -> Invocation {
    let command = ["policy", "new", "no-latest"].into_iter().chain(arguments.iter().copied());
    let plugin = Cluster::shared().plugin(command).current_dir(folder.path());
    plugin.env("KUBECONFIG", "/nowhere")
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
        let folder = Folder::new(Cluster::shared());
        let created = new(&folder, &["--language", language]).succeeds();
        let listing = files(folder.path());
        insta::assert_snapshot!(format!("policy_new_{language}"), format!("{created}{listing}"));
    }
}

#[test]
fn what_is_there_is_left_alone() {
    let folder = Folder::new(Cluster::shared());
    folder.write("no-latest/mine", "mine");
    folder.write("file", "mine");
    let rust = ["--language", "rust"];
    insta::assert_snapshot!("policy_new_taken", new(&folder, &rust).exits(1));
    let file = [&rust[..], &["--directory", "file"]].concat();
    insta::assert_snapshot!("policy_new_file", new(&folder, &file).exits(1));
    assert_eq!(files(folder.path()), "file\nno-latest/mine");
    // Where there is nothing, nothing is in the way.
    let here = [&rust[..], &["--directory", "."]].concat();
    let empty = Folder::new(Cluster::shared());
    new(&empty, &here).succeeds();
    assert!(files(empty.path()).contains("src/rule.rs"));
}

#[test]
fn what_there_is_no_template_for_is_said() {
    let folder = Folder::new(Cluster::shared());
    let promotion = ["--language", "c", "--decision", "promotion"];
    insta::assert_snapshot!("policy_new_no_template", new(&folder, &promotion).exits(2));
    insta::assert_snapshot!("policy_new_no_language", new(&folder, &[]).exits(2));
    let go = new(&folder, &["--language", "go"]).exits(2);
    assert!(go.stderr.contains("rust, python, javascript, c"), "{}", go.stderr);
    let name = ["policy", "new", "No_Latest", "--language", "rust"];
    insta::assert_snapshot!("policy_new_name", Cluster::shared().plugin(name).exits(2));
    assert_eq!(files(folder.path()), "");
}
