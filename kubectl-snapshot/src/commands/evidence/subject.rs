//! What evidence is about, and who records it.

use crate::{
    commands::{capture::author, failure::Failure, session::Session},
    domain::{digest::Digest, evidence::Evidence, reference::Reference},
    store::Store,
};

/// A digest, and what the user calls it.
pub(in crate::commands) struct Subject {
    /// What the user calls it.
    pub(in crate::commands) label: String,
    /// The digest of its set.
    pub(in crate::commands) digest: Digest,
}

impl Session {
    /// What a reference names, without its document where the store can tell the digest.
    pub(in crate::commands) async fn subject(
        &self,
        store: &Store,
        reference: &Reference,
    ) -> Result<Subject, Failure> {
        let label = reference.to_string();
        if let Reference::Name(text) | Reference::Digest(text) = reference {
            return Ok(Subject { label, digest: store.find(text).await?.digest });
        }
        let found = self.resolve(&[reference]).await?;
        let digest = found.first().map(|found| found.snapshot.spec.digest());
        let digest = digest.ok_or_else(|| Failure::new(format!("{label} names nothing")))?;
        if !store.list().await?.heads.iter().any(|head| head.digest == digest) {
            self.ui.warning(&format!(
                "no stored snapshot has the digest of {label}, {digest}; to keep it: kubectl snapshot tag {label} NAME"
            ));
        }
        Ok(Subject { label, digest })
    }

    /// Who records: as the API server knows them or, for a directory, the operating system.
    pub(in crate::commands) async fn recorder(&self) -> Result<String, Failure> {
        if !self.store_is_directory() {
            return Ok(self.cluster().await?.whoami().await?);
        }
        author(self).await.filter(|name| !name.trim().is_empty()).ok_or_else(|| {
            Failure::new("nobody can tell who records this")
                .hint("set the environment variable USER to your name")
        })
    }
}

impl Subject {
    /// `rel-42 (sha256:1f3a…)`.
    pub(in crate::commands) fn shown(&self) -> String {
        format!("{} ({})", self.label, self.digest.short())
    }

    /// Records facts about it, all of which are sound, and says so.
    pub(super) async fn record(
        &self,
        facts: &[Evidence],
        store: &Store,
        session: &Session,
    ) -> Result<(), Failure> {
        for fact in facts {
            store.add_evidence(&self.digest, fact).await?;
            session.print(|out| {
                write!(out, "evidence/{}/{} recorded: {}", fact.kind, fact.name, fact.ended())?;
                if let Some(value) = &fact.value {
                    write!(out, " {value}")?;
                }
                if let Some(stage) = &fact.stage {
                    write!(out, " at {stage}")?;
                }
                writeln!(out, ", {}", self.shown())?;
                Ok(())
            })?;
        }
        Ok(())
    }
}
