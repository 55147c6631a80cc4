//! The templates: real files under `policy-wasm/templates`, and the contract.

use snapshot_core::policy::Decision;

use super::Language;

/// Paths in the new folder, and what is there before placeholders are filled in.
type Files = &'static [(&'static str, &'static str)];

macro_rules! template {
    ($path:literal) => {
        include_str!(concat!("../../../../policy-wasm/templates/", $path))
    };
}

macro_rules! guest {
    ($($path:literal),+ $(,)?) => {
        &[$((
            concat!("snapshot-policy/src/", $path),
            include_str!(concat!("../../../../policy-wasm/guest/src/", $path)),
        )),+]
    };
}

const CONTRACT: &str = include_str!("../../../../policy-wasm/wit/policy.wit");

/// The files of a policy.
pub(super) fn files(
    language: Language,
    decision: Decision,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts: [Files; 4] = match language {
        Language::Rust => [RUST, GUEST, rust(decision), fixtures(decision)],
        Language::Python => [PYTHON, WORLD, python(decision), fixtures(decision)],
        Language::JavaScript => [JAVASCRIPT, WORLD, javascript(decision), fixtures(decision)],
        Language::C => [C, WIT, &[], fixtures(decision)],
    };
    parts.into_iter().flatten().copied()
}

/// Description of a decision's rule, and settings of it.
pub(super) fn rule(decision: Decision) -> [&'static str; 2] {
    match decision {
        Decision::Compatibility => {
            ["no container runs a tag that moves.", r#"{"tags": ["latest", "main"]}"#]
        }
        Decision::Promotion => {
            ["somebody other than the one who asks approved it.", r#"{"approvals": 1}"#]
        }
    }
}

const WIT: Files = &[("wit/policy.wit", CONTRACT)];

/// For tools that import whatever a world names: one of the policy's own.
const WORLD: Files = &[("wit/policy.wit", CONTRACT), ("wit/world.wit", template!("wit/world.wit"))];

fn fixtures(decision: Decision) -> Files {
    match decision {
        Decision::Compatibility => &[
            ("fixtures/moving-tag.yaml", template!("fixtures/compatibility/moving-tag.yaml")),
            ("fixtures/pinned.yaml", template!("fixtures/compatibility/pinned.yaml")),
        ],
        Decision::Promotion => &[
            ("fixtures/not-approved.yaml", template!("fixtures/promotion/not-approved.yaml")),
            ("fixtures/taken-back.yaml", template!("fixtures/promotion/taken-back.yaml")),
            ("fixtures/approved.yaml", template!("fixtures/promotion/approved.yaml")),
        ],
    }
}

const RUST: Files = &[
    ("Cargo.toml", template!("rust/Cargo.toml")),
    ("README.md", template!("rust/README.md")),
    (".gitignore", template!("rust/gitignore")),
    ("snapshot-policy/Cargo.toml", template!("rust/snapshot-policy/Cargo.toml")),
    ("snapshot-policy/wit/policy.wit", CONTRACT),
];

/// The guest crate goes along: what is built against it speaks this plugin's
/// contract, whatever has been published elsewhere.
const GUEST: Files = guest![
    "bindings.rs",
    "empty.rs",
    "enumeration.rs",
    "finding.rs",
    "lib.rs",
    "lookup.rs",
    "policy.rs",
    "records.rs",
    "register.rs",
    "remarks.rs",
    "sets.rs",
    "settings.rs",
    "told.rs",
    "weight.rs",
];

fn rust(decision: Decision) -> Files {
    match decision {
        Decision::Compatibility => &[
            ("settings.schema.json", template!("rust/compatibility/settings.schema.json")),
            ("src/lib.rs", template!("rust/compatibility/lib.rs")),
            ("src/rule.rs", template!("rust/compatibility/rule.rs")),
        ],
        Decision::Promotion => &[
            ("settings.schema.json", template!("rust/promotion/settings.schema.json")),
            ("src/lib.rs", template!("rust/promotion/lib.rs")),
            ("src/rule.rs", template!("rust/promotion/rule.rs")),
        ],
    }
}

const PYTHON: Files = &[
    ("Makefile", template!("python/Makefile")),
    ("README.md", template!("python/README.md")),
    ("requirements.txt", template!("python/requirements.txt")),
    ("imports.py", template!("python/imports.py")),
    ("src/checked.py", template!("python/checked.py")),
    ("src/flags.py", template!("python/flags.py")),
    (".gitignore", template!("python/gitignore")),
];

fn python(decision: Decision) -> Files {
    match decision {
        Decision::Compatibility => &[
            ("src/app.py", template!("python/compatibility/app.py")),
            ("src/rule.py", template!("python/compatibility/rule.py")),
        ],
        Decision::Promotion => &[
            ("src/app.py", template!("python/promotion/app.py")),
            ("src/rule.py", template!("python/promotion/rule.py")),
        ],
    }
}

const JAVASCRIPT: Files = &[
    ("package.json", template!("javascript/package.json")),
    ("src/checked.js", template!("javascript/checked.js")),
    ("src/flags.js", template!("javascript/flags.js")),
    ("README.md", template!("javascript/README.md")),
    (".gitignore", template!("javascript/gitignore")),
];

fn javascript(decision: Decision) -> Files {
    match decision {
        Decision::Compatibility => &[
            ("src/policy.js", template!("javascript/compatibility/policy.js")),
            ("src/rule.js", template!("javascript/compatibility/rule.js")),
        ],
        Decision::Promotion => &[
            ("src/policy.js", template!("javascript/promotion/policy.js")),
            ("src/rule.js", template!("javascript/promotion/rule.js")),
        ],
    }
}

const C: Files = &[
    ("Makefile", template!("c/Makefile")),
    ("README.md", template!("c/README.md")),
    (".gitignore", template!("c/gitignore")),
    ("src/policy.c", template!("c/src/policy.c")),
    ("src/rule.c", template!("c/src/rule.c")),
    ("src/rule.h", template!("c/src/rule.h")),
    ("src/settings.c", template!("c/src/settings.c")),
    ("src/settings.h", template!("c/src/settings.h")),
];

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn repository(path: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
    }

    #[test]
    fn the_guest_crate_goes_along_as_a_whole() {
        let folder = fs::read_dir(repository("policy-wasm/guest/src")).unwrap();
        let mut there: Vec<String> = folder
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| format!("snapshot-policy/src/{name}"))
            .collect();
        there.sort();
        let taken: Vec<&str> = GUEST.iter().map(|(path, _)| *path).collect();
        assert_eq!(taken, there);
    }

    #[test]
    fn the_guest_crate_depends_on_the_same_there_as_here() {
        let lines = |path| fs::read_to_string(repository(path)).unwrap();
        let workspace = lines("Cargo.toml");
        let theirs = template!("rust/snapshot-policy/Cargo.toml");
        let dependencies = |manifest: &str| -> Vec<String> {
            let (_, section) = manifest.split_once("[dependencies]\n").unwrap();
            section
                .lines()
                .take_while(|line| !line.is_empty())
                .map(|line| line.split(['.', ' ']).next().unwrap().to_owned())
                .collect()
        };
        let guest = lines("policy-wasm/guest/Cargo.toml");
        assert_eq!(dependencies(theirs), dependencies(&guest));
        for name in dependencies(theirs) {
            let is_it = |line: &&str| line.starts_with(&format!("{name} = "));
            assert_eq!(theirs.lines().find(is_it), workspace.lines().find(is_it));
        }
        let version = |manifest: &str| {
            manifest.lines().find(|line| line.starts_with("version = ")).map(str::to_owned)
        };
        assert_eq!(version(theirs), version(&workspace));
    }
}
