//! Wording of findings.

use crate::{
    clash::{Clash, Doubt},
    line::Line,
    running::Running,
};
use snapshot_policy::{Finding, enumerate};
use std::collections::BTreeSet;

/// `cart/cart 1.9.0 calls tax/tax 2.0.0`
pub(crate) fn call(clash: &Clash, calls: &str, call: &str) -> String {
    let verb = if clash.callers.len() == 1 { calls } else { call };
    format!("{} {verb} {}", versions(&clash.callers), versions(&clash.servers))
}

/// `cart/cart 1.9.0 and ship/ship 1.2.0`
pub(crate) fn versions(side: &[&Running]) -> String {
    enumerate(&side.iter().map(|running| running.versioned()).collect::<Vec<_>>())
}

/// Version part that the versions lack in common: a major version, or a minor one below
/// 1.0.0.
pub(crate) fn shared<'a>(all: impl Iterator<Item = &'a Running<'a>>) -> &'static str {
    let mut lines = all.filter_map(|running| running.line);
    if lines.all(|line| matches!(line, Line::Minor(_))) {
        "a minor version, which counts below 1.0.0"
    } else {
        "a major version"
    }
}

/// Sentence on versions that cannot be compared, and why.
pub(crate) fn doubt(server: &str, doubt: &Doubt) -> String {
    let keys: Vec<String> = doubt.callers.iter().map(|running| running.instance.key()).collect();
    let share = if keys.len() == 1 { "shares" } else { "share" };
    let (callers, obstacles) = (enumerate(&keys), obstacles(&doubt.unknown));
    format!("cannot tell whether {callers} {share} a major version with {server}: {obstacles}")
}

/// `cart/cart runs commit 3f2a91c and tax/tax runs shop/tax:nightly`
pub(crate) fn obstacles(unknown: &[&Running]) -> String {
    enumerate(&unknown.iter().map(|running| running.obstacle()).collect::<Vec<_>>())
}

/// Remedy in words: a change that makes the versions known.
pub(crate) fn remedy(unknown: &[&Running]) -> String {
    let services = enumerate(&services(unknown));
    if unknown.iter().any(|running| running.is_ambiguous()) {
        format!("say in the setting `containers` which container is {services}")
    } else {
        format!("give {services} an image tag or label that names a semantic version")
    }
}

/// Setting that ignores the calls, in words.
pub(crate) fn leave_aside(callers: &[&Running], server: &str) -> String {
    match services(callers)[..] {
        [caller] => format!("ignore \"{caller} -> {server}\""),
        _ => format!("ignore the calls of {server} one by one"),
    }
}

fn services<'a>(side: &[&Running<'a>]) -> Vec<&'a str> {
    let services: BTreeSet<&str> =
        side.iter().map(|running| running.instance.service.as_str()).collect();
    services.into_iter().collect()
}

/// Names each instance once as what the finding is about.
pub(crate) fn about<'a>(finding: Finding, all: impl Iterator<Item = &'a Running<'a>>) -> Finding {
    let mut seen = BTreeSet::new();
    all.map(|running| running.instance)
        .filter(|instance| seen.insert((&instance.service, &instance.name)))
        .fold(finding, |finding, instance| finding.about(instance.subject()))
}
