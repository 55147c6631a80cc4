//! Git repositories, as plain entries that people may write by hand.

use std::{fmt::Display, path::PathBuf, str::FromStr};

use snapshot_core::{
    git_repository::{GitRepository, Home},
    name::RepositoryName,
};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};

impl Store {
    /// Every git repository, by name.
    pub async fn repositories(&self) -> Result<Vec<GitRepository>, StoreError> {
        let entries = self.entries(Section::Repositories).await?;
        entries.iter().map(|entry| self.read_repository(entry)).collect()
    }

    pub(super) fn read_repository(&self, entry: &Entry) -> Result<GitRepository, StoreError> {
        read(entry).map_err(|cause| StoreError::BrokenRepository {
            name: entry.name.clone(),
            place: self.place(),
            cause: cause.into(),
        })
    }

    /// One git repository.
    pub async fn repository(&self, name: &RepositoryName) -> Result<GitRepository, StoreError> {
        let fields = self.existing_entry(Section::Repositories, name.as_ref()).await?;
        self.read_repository(&Entry { name: name.to_string(), fields, sealed: false })
    }

    /// Writes a git repository; one of that name is replaced.
    pub async fn put_repository(&self, repository: &GitRepository) -> Result<(), StoreError> {
        let fields = fields(repository);
        let mut change = |_| Ok(fields.clone());
        self.update(Section::Repositories, repository.name.as_ref(), &mut change).await?;
        Ok(())
    }

    /// Forgets a git repository; its mirrors and clones stay where they are.
    pub async fn delete_repository(&self, name: &RepositoryName) -> Result<(), StoreError> {
        self.delete_entry(Section::Repositories, name.as_ref()).await
    }
}

fn fields(repository: &GitRepository) -> Fields {
    let patterns: Vec<String> = repository.patterns.iter().map(ToString::to_string).collect();
    let home = match &repository.home {
        Home::Url(url) => ("url", Some(url.to_string())),
        Home::Clone(path) => ("clone", Some(path.display().to_string())),
    };
    let members = [
        ("for", (!patterns.is_empty()).then(|| patterns.join(","))),
        home,
        ("path", repository.path.as_ref().map(|path| path.as_ref().to_owned())),
        ("branch", repository.branch.clone()),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

fn read(entry: &Entry) -> Result<GitRepository, String> {
    let text =
        |member: &str| entry.fields.get(member).map(|text| text.trim()).filter(|it| !it.is_empty());
    let home = match (text("url"), text("clone")) {
        (Some(url), None) => Home::Url(parsed(url)?),
        (None, Some(path)) => Home::Clone(PathBuf::from(path)),
        (Some(_), Some(_)) => return Err("it names both a URL and a clone".to_owned()),
        (None, None) => return Err("it names neither a URL nor a clone".to_owned()),
    };
    let patterns = text("for").unwrap_or_default().split(',').map(str::trim);
    Ok(GitRepository {
        name: parsed(&entry.name)?,
        patterns: patterns.filter(|text| !text.is_empty()).map(parsed).collect::<Result<_, _>>()?,
        home,
        path: text("path").map(parsed).transpose()?,
        branch: text("branch").map(str::to_owned),
    })
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::block_on;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        let shop = GitRepository {
            name: "shop".parse().unwrap(),
            patterns: vec!["shop/*".parse().unwrap(), "gateway".parse().unwrap()],
            home: Home::Url("https://git.example/shop.git".parse().unwrap()),
            path: Some("services/{service}".parse().unwrap()),
            branch: Some("main".to_owned()),
        };
        let local = GitRepository {
            name: "local".parse().unwrap(),
            home: Home::Clone("/src/shop".into()),
            path: None,
            branch: None,
            patterns: Vec::new(),
        };
        block_on(store.put_repository(&shop)).unwrap();
        block_on(store.put_repository(&local)).unwrap();
        assert_eq!(block_on(store.repository(&shop.name)).unwrap(), shop);
        let name = shop.name.clone();
        assert_eq!(block_on(store.repositories()).unwrap(), [local.clone(), shop]);
        block_on(store.delete_repository(&name)).unwrap();
        assert_eq!(block_on(store.repositories()).unwrap(), [local]);
    }

    #[test]
    fn what_somebody_wrote_by_hand_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("repositories")).unwrap();
        let file = folder.path().join("repositories/shop.json");
        let store = Store::in_directory(folder.path());
        for (text, problem) in [
            (r#"{"for": "shop/*"}"#, "neither a URL nor a clone"),
            (r#"{"url": "https://a/b", "clone": "/c"}"#, "both a URL and a clone"),
            (r#"{"url": "ext::sh -c id"}"#, "no address of a git repository"),
            (r#"{"url": "https://x:hunter2@a/b"}"#, "credentials"),
            (r#"{"url": "https://a/b", "path": "../etc"}"#, "no path in a repository"),
            (r#"{"url": "https://a/b", "for": "a b"}"#, "no pattern"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = block_on(store.repositories()).unwrap_err();
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let said = format!("{error} {}", cause.unwrap_or_default());
            assert!(
                said.starts_with("git repository shop in ") && said.contains(problem),
                "{said}"
            );
            assert!(!said.contains("hunter2"), "{said}");
        }
        std::fs::write(&file, r#"{"url": " https://a/b ", "for": "tax, shop/*"}"#).unwrap();
        assert_eq!(block_on(store.repositories()).unwrap()[0].patterns.len(), 2);
    }
}
