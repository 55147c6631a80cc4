//! The cache of compiled policies, and the environment.

use std::collections::BTreeSet;

use snapshot_core::flag_source::FlagSource;

use crate::{
    policies::{CacheFolder, CacheState},
    render::{Finding, byte_count},
};

const PREFIX: &str = "KUBECTL_SNAPSHOT_";

/// Variables that `capture --then` sets for its command.
const SET_FOR_OTHERS: [&str; 3] =
    ["KUBECTL_SNAPSHOT_NAME", "KUBECTL_SNAPSHOT_DIGEST", "KUBECTL_SNAPSHOT_FILE"];

/// The cache of compiled policies.
pub(super) async fn cache() -> Finding {
    let Some(CacheFolder { path, state }) = CacheFolder::find().await else {
        return Finding::warning("cache", "there is no home to keep compiled policies in")
            .hint("set HOME or XDG_CACHE_HOME: without a cache each run compiles them");
    };
    let path = path.display();
    match state {
        CacheState::Absent => {
            Finding::ok("cache", format!("{path} is made once a policy is compiled"))
        }
        CacheState::Private { files, bytes } => Finding::ok(
            "cache",
            format!("{path} is private to you; files: {files}, {}", byte_count(bytes)),
        ),
        CacheState::Unusable(why) => {
            Finding::warning("cache", why).hint("until then each run compiles every policy")
        }
    }
}

/// The variables that are set for this program, and those that only look so.
pub(super) fn variables(mut known: BTreeSet<String>) -> Vec<Finding> {
    known.extend(SET_FOR_OTHERS.map(str::to_owned));
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    of(set.filter(|name| name.starts_with(PREFIX)).collect(), &known)
}

fn of(set: BTreeSet<String>, known: &BTreeSet<String>) -> Vec<Finding> {
    let (known_ones, unknown): (Vec<String>, Vec<String>) = set
        .into_iter()
        .partition(|name| known.contains(name) || FlagSource::is_token_variable(name));
    let mut findings = Vec::new();
    if !known_ones.is_empty() {
        findings.push(Finding::ok("environment", format!("{} set", is_or_are(&known_ones))));
    }
    if !unknown.is_empty() {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let says = format!("{} set, and nothing reads it", is_or_are(&unknown));
        findings.push(
            Finding::warning("environment", says)
                .hint(format!("what is read: {}", known.join(", "))),
        );
    }
    if findings.is_empty() {
        findings.push(Finding::ok("environment", format!("no {PREFIX}… variable is set")));
    }
    findings
}

fn is_or_are(names: &[String]) -> String {
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Condition;

    #[test]
    fn a_variable_that_nothing_reads_is_named() {
        let known = BTreeSet::from(["KUBECTL_SNAPSHOT_STORE".to_owned()]);
        let set = ["KUBECTL_SNAPSHOT_STORE", "KUBECTL_SNAPSHOT_STORES"].map(str::to_owned);
        let findings = of(set.into(), &known);
        let conditions: Vec<_> = findings.iter().map(|one| one.condition).collect();
        assert_eq!(conditions, [Condition::Ok, Condition::Warning]);
        assert_eq!(findings[1].message, "KUBECTL_SNAPSHOT_STORES is set, and nothing reads it");
        let set = ["KUBECTL_SNAPSHOT_ADMIN_TOKEN_PROD", "KUBECTL_SNAPSHOT_TOKEN_PROD_UNLEASH"];
        let findings = of(set.map(str::to_owned).into(), &known);
        assert!(findings.iter().all(|one| one.condition == Condition::Ok), "{findings:?}");
    }
}
