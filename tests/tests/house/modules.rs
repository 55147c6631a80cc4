//! Modules of a crate: which file holds which, and what each mentions of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::uses::{self, Use};

/// Path of a module below the root of its crate; the root's is empty.
pub(crate) type Module = Vec<String>;

/// A source file, as far as its mentions of other files go. Tests are left aside.
#[derive(Default)]
struct File {
    /// Names that `use` brings here, and what each stands for.
    names: BTreeMap<String, Vec<String>>,
    /// Modules all of whose names `use` brings here.
    globs: Vec<Vec<String>>,
    /// Items that are defined here.
    items: BTreeSet<String>,
    /// Paths that are mentioned, each with the module that it is relative to: that of the file, or
    /// one inside.
    mentions: Vec<(Module, Vec<String>)>,
    /// Files of modules that only tests have.
    tests: BTreeSet<String>,
}

/// The files of a crate.
pub(crate) struct Crate {
    files: BTreeMap<Module, File>,
}

impl Crate {
    /// Reads the files below a crate's source folder.
    pub(crate) fn read(source: &Path) -> Self {
        let mut texts = BTreeMap::new();
        collect(source, &Module::new(), &mut texts);
        Self::of(texts)
    }

    /// A crate of texts, by the path of the module that each holds.
    pub(crate) fn of(texts: BTreeMap<Module, String>) -> Self {
        let read = |(module, text): (Module, String)| {
            let tokens: TokenStream = text.parse().expect("a source file is Rust");
            let mut file = File::default();
            file.read(tokens, &module);
            (module, file)
        };
        let mut files: BTreeMap<_, _> = texts.into_iter().map(read).collect();
        let left_out: Vec<Module> = files
            .iter()
            .flat_map(|(module, file)| {
                file.tests.iter().map(|name| [&module[..], std::slice::from_ref(name)].concat())
            })
            .collect();
        files.retain(|module, _| {
            !left_out.iter().any(|test| module.starts_with(test))
                && module.last().is_none_or(|n| n != "tests")
        });
        Self { files }
    }

    /// For each file, the files whose items it mentions, each with one of those items. Between a
    /// module and what is inside it there is no arrow: that is one thing, whose parts share words.
    pub(crate) fn arrows(&self) -> BTreeMap<&Module, BTreeMap<&Module, String>> {
        let mut arrows = BTreeMap::new();
        for (from, file) in &self.files {
            let mut found = BTreeMap::new();
            for (context, path) in &file.mentions {
                if let Some((to, item)) = self.definition(context, path, 0)
                    && !(to.starts_with(from) || from.starts_with(to))
                {
                    found.entry(to).or_insert(item);
                }
            }
            arrows.insert(from, found);
        }
        arrows
    }

    /// The file that defines what a path names, and the item in it. Modules alone are no items.
    fn definition(
        &self,
        context: &[String],
        path: &[String],
        depth: usize,
    ) -> Option<(&Module, String)> {
        // Two files that re-export each other's names define neither.
        if depth > 16 {
            return None;
        }
        let absolute = self.absolute(context, path, depth)?;
        let length =
            (0..=absolute.len()).rev().find(|n| self.files.contains_key(&absolute[..*n]))?;
        let (module, file) = self.files.get_key_value(&absolute[..length])?;
        let item = absolute.get(length)?;
        if let Some(other) = file.names.get(item) {
            let more = [&other[..], &absolute[length + 1..]].concat();
            return self.definition(module, &more, depth + 1);
        }
        if !file.items.contains(item) {
            for glob in &file.globs {
                let found = self.definition(
                    module,
                    &[&glob[..], std::slice::from_ref(item)].concat(),
                    depth + 1,
                );
                if found
                    .as_ref()
                    .is_some_and(|(module, item)| self.files[*module].items.contains(item))
                {
                    return found;
                }
            }
        }
        Some((module, item.clone()))
    }

    /// A path from the crate's root; nothing for one that leads into another crate.
    fn absolute(&self, context: &[String], path: &[String], depth: usize) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([context, rest].concat()),
            "super" => {
                let parent = &context[..context.len().checked_sub(1)?];
                let up = rest.first().is_some_and(|next| next == "super");
                if up { self.absolute(parent, rest, depth) } else { Some([parent, rest].concat()) }
            }
            name => {
                let here = [context, path].concat();
                if self.files.contains_key(&here[..=context.len()]) {
                    return Some(here);
                }
                let other = self.files.get(context)?.names.get(name)?;
                // Beyond this, the names go round.
                let other = if depth > 16 { return None } else { other.clone() };
                if other.first().is_some_and(|it| it == name) {
                    return None;
                }
                self.absolute(context, &[&other[..], rest].concat(), depth + 1)
            }
        }
    }
}

impl File {
    fn read(&mut self, tokens: TokenStream, module: &Module) {
        let tokens = self.without_tests(tokens);
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) if word == "use" => {
                    let (found, end) = uses::statement(&tokens, at);
                    let is_public = uses::is_public(&tokens, at);
                    for one in found {
                        self.brings(one, module, is_public);
                    }
                    at = end;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(inside))) =
                        (tokens.get(at + 1), tokens.get(at + 2))
                    {
                        let inner = [&module[..], &[name.to_string()]].concat();
                        self.read(inside.stream(), &inner);
                        at += 2;
                    }
                }
                TokenTree::Ident(word) if DEFINES.contains(&word.to_string().as_str()) => {
                    if let Some(TokenTree::Ident(name)) = tokens.get(at + 1) {
                        self.items.insert(name.to_string());
                    }
                }
                TokenTree::Ident(_) if uses::is_path_start(&tokens, at) => {
                    let (found, end) = uses::tree(&tokens, at, &[]);
                    self.mentions.extend(found.into_iter().map(|one| (module.clone(), one.path)));
                    at = end;
                    continue;
                }
                TokenTree::Group(group) => self.read(group.stream(), module),
                _ => {}
            }
            at += 1;
        }
    }

    /// Notes what a `use` brings. What a module only hands on from below it, it does not need.
    fn brings(&mut self, one: Use, module: &Module, is_public: bool) {
        let below = !["crate", "super"].contains(&one.path[0].as_str());
        if !(is_public && below) {
            self.mentions.push((module.clone(), one.path.clone()));
        }
        match one.name {
            Some(name) => drop(self.names.insert(name, one.path)),
            None => self.globs.push(one.path),
        }
    }

    /// The tokens without the items that only tests have.
    fn without_tests(&mut self, tokens: TokenStream) -> Vec<TokenTree> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut kept = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if uses::is_for_tests(&tokens, at) {
                let end = uses::end_of_item(&tokens, at);
                let name =
                    tokens[at..end].iter().skip_while(|token| token.to_string() != "mod").nth(1);
                self.tests.extend(name.map(ToString::to_string));
                at = end;
            } else {
                kept.push(tokens[at].clone());
                at += 1;
            }
        }
        kept
    }
}

/// Words before the name of an item.
const DEFINES: [&str; 8] =
    ["const", "enum", "fn", "macro_rules", "static", "struct", "trait", "type"];

fn collect(folder: &Path, module: &Module, texts: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("a folder's entry can be read").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("names are text");
        let below = [&module[..], &[name.to_owned()]].concat();
        if path.is_dir() {
            collect(&path, &below, texts);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source file can be read");
            let is_root = module.is_empty() && ["lib", "main"].contains(&name);
            let module = if name == "mod" || is_root { module.clone() } else { below };
            // A binary beside a library is a few lines, which stand on it.
            texts.entry(module).and_modify(|both| both.push_str(&text)).or_insert(text);
        }
    }
}

/// True if a group is in braces.
pub(crate) fn in_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}
