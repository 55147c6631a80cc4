//! Search of a snapshot by what a user types.

use snapshot_core::{digest::Digest, name::SnapshotName};

use super::{Entity, Head, Listing, StoreError};

/// The fewest digits that name a snapshot by its digest.
const FEWEST_DIGITS: usize = 8;
/// Number of similar names that an error offers at most.
const MOST_NEAR: usize = 3;

/// A digest, or the beginning of one, in the form `sha256:…`; `None` for a name.
pub(super) fn digest_prefix(reference: &str) -> Result<Option<&str>, StoreError> {
    let Some(digits) = reference.strip_prefix("sha256:") else { return Ok(None) };
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if (FEWEST_DIGITS..=64).contains(&digits.len()) && digits.chars().all(hex) {
        Ok(Some(digits))
    } else {
        Err(StoreError::NotADigest(reference.chars().take(80).collect()))
    }
}

/// The snapshot of a digest that begins with `digits`: the newest of several names.
pub(super) fn by_digest(listing: Listing, digits: &str, place: &str) -> Result<Head, StoreError> {
    let mut found: Vec<Head> =
        listing.heads.into_iter().filter(|head| head.digest.hex().starts_with(digits)).collect();
    if found.iter().any(|head| head.digest != found[0].digest) {
        let mut candidates: Vec<(SnapshotName, Digest)> =
            found.into_iter().map(|head| (head.name, head.digest)).collect();
        // Not as a folder happens to list them.
        candidates.sort_by(|(one, _), (other, _)| one.as_ref().cmp(other.as_ref()));
        return Err(StoreError::Ambiguous { wanted: format!("sha256:{digits}"), candidates });
    }
    if found.is_empty() {
        return Err(StoreError::NotFound {
            entity: Entity::Snapshot,
            wanted: format!("sha256:{digits}"),
            place: place.to_owned(),
            near: Vec::new(),
        });
    }
    Ok(found.swap_remove(0))
}

/// The error for a snapshot's name that is not there.
pub(super) fn no_such_name(wanted: &str, listing: &Listing, place: &str) -> StoreError {
    StoreError::NotFound {
        entity: Entity::Snapshot,
        wanted: wanted.to_owned(),
        place: place.to_owned(),
        near: near(wanted, listing.heads.iter().map(|head| head.name.as_ref())),
    }
}

/// The names that resemble `wanted` most.
pub(super) fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let lowered = wanted.to_lowercase();
    let mut scored: Vec<(usize, &str)> = names
        .map(|name| (strsim::damerau_levenshtein(&lowered, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance * 3 <= name.len().max(3))
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(MOST_NEAR).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &str, set: &str, created: &str) -> Head {
        Head {
            name: name.parse().unwrap(),
            digest: Digest::of(set.as_bytes()),
            created: Some(created.to_owned()),
            author: None,
            source: None,
            message: None,
            parts: Vec::new(),
            services: 0,
            instances: 0,
            flags: 0,
            bytes: 0,
        }
    }

    fn listing(heads: Vec<Head>) -> Listing {
        Listing { heads, broken: Vec::new() }.sorted()
    }

    #[test]
    fn a_digest_has_eight_digits_at_least() {
        assert_eq!(digest_prefix("rel-42").unwrap(), None);
        assert_eq!(digest_prefix("sha256:1f3a9c02").unwrap(), Some("1f3a9c02"));
        for text in [
            "sha256:",
            "sha256:1f3a9c0",
            "sha256:1F3A9C02",
            "sha256:rel-42xx",
            &format!("sha256:{:065}", 0),
        ] {
            let error = digest_prefix(text).unwrap_err().to_string();
            assert!(error.contains("at least 8"), "{error}");
        }
    }

    #[test]
    fn of_several_names_for_one_set_the_newest_is_meant() {
        let digits = Digest::of(b"a").hex();
        let heads = vec![
            head("old", "a", "2024-01-01T00:00:00Z"),
            head("new", "a", "2024-02-01T00:00:00Z"),
            head("other", "b", "2024-03-01T00:00:00Z"),
        ];
        assert_eq!(by_digest(listing(heads), &digits[..8], "here").unwrap().name.as_ref(), "new");
    }

    #[test]
    fn different_sets_of_one_beginning_are_listed() {
        let heads = vec![
            head("one", "a", "2024-01-01T00:00:00Z"),
            head("two", "b", "2024-02-01T00:00:00Z"),
        ];
        let error = by_digest(listing(heads), "", "here").unwrap_err();
        assert!(
            matches!(&error, StoreError::Ambiguous { candidates, .. } if candidates.len() == 2)
        );
        let text = error.to_string();
        assert!(text.contains("two (sha256:") && text.contains("one (sha256:"), "{text}");
    }

    #[test]
    fn a_typing_error_is_answered_with_near_names() {
        let heads =
            ["rel-42", "rel-43", "hotfix"].map(|name| head(name, name, "2024-01-01T00:00:00Z"));
        let error = no_such_name("Rel-24", &listing(heads.to_vec()), "namespace kubectl-snapshot")
            .to_string();
        assert_eq!(
            error,
            "there is no snapshot Rel-24 in namespace kubectl-snapshot; did you mean rel-42 or rel-43?"
        );
        let error = no_such_name("nightly", &listing(Vec::new()), "./store").to_string();
        assert_eq!(error, "there is no snapshot nightly in ./store");
    }
}
