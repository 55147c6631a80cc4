//! Names of variables: of an environment value, or of a label or an annotation that belongs to
//! the place.

/// Variable, by its name in a variable set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable<'a> {
    /// Environment value: `DB_HOST`.
    Environment(&'a str),
    /// Label of objects and their pods: `label:env`.
    Label(&'a str),
    /// Annotation of objects and their pods: `annotation:owner`.
    Annotation(&'a str),
}

/// Beginning of the names of labels.
pub(crate) const LABEL: &str = "label:";
/// Beginning of the names of annotations.
pub(crate) const ANNOTATION: &str = "annotation:";

/// Labels and annotations that say what an object is: they belong to the set.
const IDENTITY: [&str; 4] = [
    "app",
    "app.kubernetes.io/name",
    "app.kubernetes.io/version",
    "org.opencontainers.image.revision",
];
/// Beginning of this tool's own annotations.
const OURS: &str = "kubectl-snapshot.dev/";

impl<'a> Variable<'a> {
    /// The variable of that name.
    #[must_use]
    pub fn of(name: &'a str) -> Self {
        if let Some(label) = name.strip_prefix(LABEL) {
            Self::Label(label)
        } else if let Some(annotation) = name.strip_prefix(ANNOTATION) {
            Self::Annotation(annotation)
        } else {
            Self::Environment(name)
        }
    }
}

/// Reason why a variable set cannot hold a variable of that name, wherever the set is kept: sets
/// move between stores, so what a ConfigMap cannot have as a key is refused for files as well.
#[must_use]
pub fn name_fault(name: &str) -> Option<&'static str> {
    match Variable::of(name) {
        Variable::Environment(name) => {
            let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
            // Labels and annotations are kept under such keys.
            let is_kept_for_others =
                name.starts_with("label..") || name.starts_with("annotation..");
            let fits = legal
                && !name.is_empty()
                && name.len() <= 253
                && name != "."
                && !name.starts_with("..")
                && !is_kept_for_others;
            (!fits).then_some("use letters, digits, - _ and ., 253 characters at most")
        }
        Variable::Label(name) | Variable::Annotation(name) => {
            if !is_qualified(name) {
                Some("the API takes no label or annotation of that name")
            } else if !can_be_of_the_place(name) {
                Some("it says what an object is, which belongs to the snapshot")
            } else {
                None
            }
        }
    }
}

/// Reason why a variable cannot have a value.
#[must_use]
pub fn value_fault(name: &str, value: &str) -> Option<&'static str> {
    let of_label = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let fits = |value: &str| {
        value.is_empty() || (value.len() <= 63 && ends_whole(value) && value.chars().all(of_label))
    };
    let is_label = matches!(Variable::of(name), Variable::Label(_));
    (is_label && !fits(value)).then_some(
        "a label's value is of letters, digits, - _ and ., begins and ends with a letter or a \
         digit, and has 63 characters at most",
    )
}

/// True if a label or an annotation of that name may belong to the place: it does not say which
/// service or version an object is, and is none of this tool's.
#[must_use]
pub fn can_be_of_the_place(name: &str) -> bool {
    !IDENTITY.contains(&name) && !name.starts_with(OURS)
}

/// True if a variable of that name is a label or an annotation that is likely to belong to the
/// place.
#[must_use]
pub fn is_likely(name: &str) -> bool {
    match Variable::of(name) {
        Variable::Label(label) | Variable::Annotation(label) => {
            name_fault(name).is_none() && is_likely_of_the_place(label)
        }
        Variable::Environment(_) => false,
    }
}

/// True if a label or an annotation of that name, whose values differ between places, is likely
/// to belong to them: charts keep the digest of what pods read in `checksum/…`, and a mesh tells
/// the instances of a service by `version`.
#[must_use]
pub fn is_likely_of_the_place(name: &str) -> bool {
    can_be_of_the_place(name) && !name.starts_with("checksum/") && name != "version"
}

/// True if the API server takes it as the name of a label: a name, after a domain and `/` at most.
fn is_qualified(name: &str) -> bool {
    let (domain, name) = name.split_once('/').unwrap_or(("a", name));
    let of_domain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let of_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    // Both have to fit into the key of a ConfigMap.
    ends_whole(domain)
        && ends_whole(name)
        && domain.chars().all(of_domain)
        && !domain.contains("..")
        && name.chars().all(of_name)
        && domain.len() <= 170
        && name.len() <= 63
}

/// True if a text begins and ends with a letter or a digit.
fn ends_whole(text: &str) -> bool {
    let whole = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    whole(text.chars().next()) && whole(text.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_named_as_the_api_names_them() {
        for name in ["label:env", "label:shop.example/env", "annotation:a_b.c", "label:A-1"] {
            assert_eq!(name_fault(name), None, "{name}");
        }
        let wrong = [
            "label:",
            "label:-env",
            "label:a/",
            "label:/a",
            "label:a/b/c",
            "label:a b",
            "label:A/b",
        ];
        for name in wrong {
            assert!(name_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_labels_value_is_what_the_api_takes() {
        for value in ["", "prod", "a.b_c-1"] {
            assert_eq!(value_fault("label:env", value), None, "{value}");
        }
        for value in ["a b", "-a", "a.", "ä", &"x".repeat(64)] {
            assert!(value_fault("label:env", value).is_some(), "{value}");
            assert_eq!(value_fault("annotation:env", value), None);
            assert_eq!(value_fault("ENV", value), None);
        }
    }

    #[test]
    fn what_an_object_is_belongs_to_the_set() {
        for name in [
            "label:app",
            "label:app.kubernetes.io/version",
            "annotation:kubectl-snapshot.dev/requires",
        ] {
            assert!(name_fault(name).is_some(), "{name}");
        }
    }
}
