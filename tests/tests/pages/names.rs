//! Names on pages: commands, flags, exit codes, variables, make's targets. The reference,
//! which is made of the command line's own definition, says what there is.

use std::collections::BTreeSet;

use regex::Regex;

use crate::page::{Page, file, pages};

/// Texts of a regular expression's first group.
fn found<'a>(pattern: &str, text: &'a str) -> BTreeSet<&'a str> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found.get(1).expect("always there").as_str()).collect()
}

/// Pages that tell users what to type; those for contributors name other programs' flags.
fn for_users() -> Vec<Page> {
    let others = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "commands.md"];
    let mut pages = pages();
    pages.retain(|page| !others.iter().any(|name| page.path.ends_with(name)));
    pages
}

/// The names in a page that are not among those that exist.
fn unknown(pages: &[Page], pattern: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let of_page = |page: &Page| -> Vec<String> {
        let names = found(pattern, &page.text).into_iter();
        let strange = names.filter(|name| !known.contains(name));
        strange.map(|name| format!("{}: {name}", page.path.display())).collect()
    };
    pages.iter().flat_map(of_page).collect()
}

#[test]
fn commands_exist() {
    let reference = file("docs/reference/commands.md");
    let known = found(r"(?m)^## kubectl snapshot ([a-z]+)", &reference);
    assert!(known.contains("capture") && known.contains("completion"), "{known:?}");
    let strange = unknown(&for_users(), r"kubectl[ -]snapshot ([a-z]+)[^a-z./-]", &known);
    assert!(strange.is_empty(), "these commands do not exist:\n{}", strange.join("\n"));
}

#[test]
fn flags_exist() {
    let reference = file("docs/reference/commands.md");
    let known = found(r"(?:^|[\s,(])(--?[a-z][a-z-]*)", &reference);
    // In a page's code, and in what it sets in the font of code.
    let flag = Regex::new(r"(?:^|[\s`(])(--?[a-z][a-z-]*)").unwrap();
    let span = Regex::new(r"`([^`]+)`").unwrap();
    let theirs = [
        "kubectl apply",
        "kubectl annotate",
        "kubectl auth",
        "kubectl create",
        "kubectl delete",
        "kubectl krew",
        "kubectl rollout",
        "kubectl set",
        "helm ",
        "cargo ",
        "chmod ",
        "git ",
        "make ",
        "mkdir ",
        "openssl ",
        "perl ",
        "sha256sum",
        "echo ",
        "npm ",
        "rustup ",
        "rm ",
        "cosign ",
        "set ",
    ];
    let mut strange = Vec::new();
    for page in for_users() {
        let prose = page.prose().collect::<Vec<_>>().join("\n");
        let spans = span.captures_iter(&prose).map(|found| found[1].to_owned());
        let typed = page.code().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned);
        for code in spans.chain(typed) {
            if theirs.iter().any(|program| code.starts_with(program)) || code.contains(" | perl") {
                continue;
            }
            // What comes after it is another program's.
            let ours = code.split(" || ").next().unwrap_or_default();
            let flags = flag.captures_iter(ours).map(|found| found[1].to_owned());
            let unknown = flags.filter(|flag| !known.contains(flag.as_str()));
            strange
                .extend(unknown.map(|flag| format!("{}: {flag} in {code}", page.path.display())));
        }
    }
    assert!(strange.is_empty(), "no command has these flags:\n{}", strange.join("\n"));
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let reference = file("docs/reference/commands.md");
    let (_, codes) = reference.split_once("Exit codes:").expect("the help has exit codes");
    let (codes, _) = codes.split_once("```").expect("the block of the help ends");
    let help = found(r"(\d+) [a-z]", codes);
    assert!(help.contains("130"), "{help:?}");
    for page in ["docs/reference/exit-codes.md", "docs/ci.md"] {
        let text = file(page);
        assert_eq!(found(r"(?m)^\| (\d+) \|", &text), help, "{page}");
    }
}

#[test]
fn variables_exist() {
    let reference = file("docs/reference/environment.md");
    let known = found(r"(?m)^\| `(KUBECTL_SNAPSHOT_[A-Z_]+)`", &reference);
    assert!(known.contains("KUBECTL_SNAPSHOT_STORE"), "{known:?}");
    let mut strange = unknown(&for_users(), r"\b(KUBECTL_SNAPSHOT_[A-Z_]+)", &known);
    strange.retain(|one| !one.contains("KUBECTL_SNAPSHOT_TEST_"));
    // They end with the name of a flag source, in `flag_source/mod.rs`.
    let of_sources = ["KUBECTL_SNAPSHOT_TOKEN_", "KUBECTL_SNAPSHOT_ADMIN_TOKEN_"];
    strange.retain(|one| !of_sources.iter().any(|prefix| one.contains(prefix)));
    assert!(strange.is_empty(), "these variables are not read:\n{}", strange.join("\n"));
}

#[test]
fn targets_of_make_exist() {
    let makefile = file("Makefile");
    let known = found(r"(?m)^([a-z-]+):", &makefile);
    assert!(known.contains("demo") && known.contains("reference"), "{known:?}");
    let strange = unknown(&pages(), r"(?m)(?:`|^\$ |^)(?:[A-Z_]+=\S+ )?make ([a-z-]+)", &known);
    assert!(strange.is_empty(), "make has no such targets:\n{}", strange.join("\n"));
}
