//! Clashes: two sides of a call on different major versions.

use crate::{line::Line, running::Running};
use std::collections::BTreeSet;

/// Instances on both sides, each of which meets one that it does not understand.
pub(crate) struct Clash<'a> {
    pub(crate) callers: Vec<&'a Running<'a>>,
    pub(crate) servers: Vec<&'a Running<'a>>,
}

impl<'a> Clash<'a> {
    /// Every pair counts. Comparing each side with the versions that the other
    /// has, rather than with its instances, keeps that linear.
    pub(crate) fn between(
        callers: &[&'a Running<'a>],
        servers: &[&'a Running<'a>],
    ) -> Option<Self> {
        // As a rule all is well, and that is soon seen.
        let mut all = callers.iter().chain(servers).map(|running| running.line);
        let first = all.next();
        if all.all(|line| Some(line) == first) {
            return None;
        }
        let callers = meeting_another(callers, &lines(servers));
        let servers = meeting_another(servers, &lines(&callers));
        (!callers.is_empty()).then_some(Self { callers, servers })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &'a Running<'a>> {
        self.callers.iter().chain(&self.servers).copied()
    }
}

/// Sides of a call whose versions cannot be compared.
pub(crate) struct Doubt<'a> {
    pub(crate) callers: Vec<&'a Running<'a>>,
    /// Those of both sides whose version cannot be compared.
    pub(crate) unknown: Vec<&'a Running<'a>>,
}

impl<'a> Doubt<'a> {
    pub(crate) fn all(&self) -> impl Iterator<Item = &'a Running<'a>> {
        self.callers.iter().chain(&self.unknown).copied()
    }

    pub(crate) fn between(
        callers: &[&'a Running<'a>],
        servers: &[&'a Running<'a>],
    ) -> Option<Self> {
        if callers.is_empty() || servers.is_empty() {
            return None;
        }
        let unknown_servers = unknown(servers);
        let mut doubtful = unknown(callers);
        doubtful.extend(&unknown_servers);
        // Who calls a version that nobody knows is concerned, whatever it runs itself.
        let callers = if unknown_servers.is_empty() { doubtful.clone() } else { callers.to_vec() };
        let mut seen = BTreeSet::new();
        doubtful.retain(|running| seen.insert(running.instance.key()));
        (!doubtful.is_empty()).then_some(Self { callers, unknown: doubtful })
    }
}

fn unknown<'a>(side: &[&'a Running<'a>]) -> Vec<&'a Running<'a>> {
    side.iter().copied().filter(|running| running.line.is_none()).collect()
}

fn lines(side: &[&Running]) -> BTreeSet<Line> {
    side.iter().filter_map(|running| running.line).collect()
}

fn meeting_another<'a>(side: &[&'a Running<'a>], others: &BTreeSet<Line>) -> Vec<&'a Running<'a>> {
    let clashes = |running: &&&Running| {
        running.line.is_some_and(|line| others.len() > usize::from(others.contains(&line)))
    };
    side.iter().filter(clashes).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{set::Roster, settings::Settings, test_support};

    fn keys(side: &[&Running]) -> Vec<String> {
        side.iter().map(|running| running.instance.key()).collect()
    }

    #[test]
    fn every_pair_counts() {
        let snapshot = test_support::set(&[
            ("cart/blue", "1.9.0"),
            ("cart/green", "2.0.0"),
            ("cart/grey", "3f2a91c"),
            ("tax/tax", "1.4.1"),
        ]);
        let settings = Settings::default();
        let set = Roster::of(&snapshot, &settings).by_service();
        let [carts, taxes] =
            ["cart", "tax"].map(|name| set.instances(name, None).iter().collect::<Vec<_>>());
        let clash = Clash::between(&carts, &taxes).unwrap();
        assert_eq!(
            (keys(&clash.callers), keys(&clash.servers)),
            (vec!["cart/green".to_owned()], vec!["tax/tax".to_owned()])
        );
        let clash = Clash::between(&taxes, &carts).unwrap();
        assert_eq!(keys(&clash.servers), ["cart/green"]);
        assert!(Clash::between(&carts[..1], &taxes).is_none());
        let doubt = Doubt::between(&carts, &taxes).unwrap();
        assert_eq!(
            (keys(&doubt.callers), keys(&doubt.unknown)),
            (vec!["cart/grey".to_owned()], vec!["cart/grey".to_owned()])
        );
        let doubt = Doubt::between(&taxes, &carts).unwrap();
        assert_eq!(keys(&doubt.callers), ["tax/tax"]);
    }
}
