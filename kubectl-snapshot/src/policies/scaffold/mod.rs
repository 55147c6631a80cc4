//! A folder to begin a policy in: files that build with a language's ordinary
//! tools and hold one rule that works already.

mod folder;
mod name;
mod templates;

use std::path::Path;

use snapshot_core::policy::Decision;

pub use folder::FolderError;
pub use name::PackageName;

/// A language that there are templates for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust, on the guest crate.
    Rust,
    /// Python, by componentize-py.
    Python,
    /// JavaScript, by componentize-qjs.
    JavaScript,
    /// C, by Zig's compiler and wit-bindgen; for compatibility only.
    C,
}

/// A new policy: what it is called, and where it begins.
#[derive(Clone, Debug)]
pub struct Scaffold {
    name: PackageName,
    language: Language,
    decision: Decision,
}

/// Error: no template for this decision in this language.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no template for a {decision} policy in {language:?}")]
pub struct NoTemplate {
    language: Language,
    decision: Decision,
}

impl Scaffold {
    /// A policy of that name for one decision.
    pub fn new(
        name: PackageName,
        language: Language,
        decision: Decision,
    ) -> Result<Self, NoTemplate> {
        if language == Language::C && decision != Decision::Compatibility {
            return Err(NoTemplate { language, decision });
        }
        Ok(Self { name, language, decision })
    }

    /// Writes all of its files, or none: into a folder that is made, or that is empty.
    pub fn write(&self, folder: &Path) -> Result<(), FolderError> {
        folder::write(folder, &self.files())
    }

    /// The commands that build it, run in its folder.
    #[must_use]
    pub fn build(&self) -> &'static str {
        match self.language {
            Language::Rust => "cargo build --release --target wasm32-wasip2",
            Language::Python | Language::C => "make",
            Language::JavaScript => "npm install && npm run build",
        }
    }

    /// Paths and contents.
    fn files(&self) -> Vec<(&'static str, String)> {
        let files = templates::files(self.language, self.decision);
        files.map(|(path, template)| (path, self.fill(template))).collect()
    }

    fn fill(&self, template: &str) -> String {
        let [summary, settings] = templates::rule(self.decision);
        template
            .replace("{{name}}", self.name.as_ref())
            .replace("{{decision}}", &self.decision.to_string())
            .replace("{{summary}}", summary)
            .replace("{{settings}}", settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 4] =
        [Language::Rust, Language::Python, Language::JavaScript, Language::C];

    fn every() -> impl Iterator<Item = Scaffold> {
        LANGUAGES.into_iter().flat_map(|language| {
            Decision::ALL.into_iter().filter_map(move |decision| {
                Scaffold::new("no-latest".parse().unwrap(), language, decision).ok()
            })
        })
    }

    #[test]
    fn c_is_for_compatibility_only() {
        assert_eq!(every().count(), 7);
        let name = "no-latest".parse().unwrap();
        let error = Scaffold::new(name, Language::C, Decision::Promotion).unwrap_err();
        assert_eq!(error.to_string(), "there is no template for a promotion policy in C");
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for scaffold in every() {
            for (path, content) in scaffold.files() {
                let ours = !path.starts_with("snapshot-policy/");
                assert!(!ours || !content.contains("{{"), "{scaffold:?}: {path}");
                assert!(content.ends_with('\n'), "{scaffold:?}: {path}");
            }
        }
    }

    #[test]
    fn each_has_a_readme_of_a_screen_fixtures_and_the_contract() {
        for scaffold in every() {
            let files = scaffold.files();
            let ending = |end: &str| files.iter().filter(|(path, _)| path.ends_with(end)).count();
            assert_eq!(ending("policy.wit"), 1, "{scaffold:?}");
            assert_eq!(ending(".gitignore"), 1, "{scaffold:?}");
            let fixtures = files.iter().filter(|(path, _)| path.starts_with("fixtures/")).count();
            let of_promotion = scaffold.decision == Decision::Promotion;
            assert_eq!(fixtures, if of_promotion { 3 } else { 2 }, "{scaffold:?}");
            let (_, readme) = files.iter().find(|(path, _)| *path == "README.md").unwrap();
            assert!(readme.contains(scaffold.build().split(' ').next().unwrap()));
            assert!(readme.lines().count() <= 60, "{scaffold:?}");
        }
    }
}
