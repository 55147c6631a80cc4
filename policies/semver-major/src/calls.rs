//! Call graph of the services.

use crate::{
    edge::Edge,
    running::Running,
    set::Set,
    settings::{Settings, Stated},
};
use snapshot_policy::{CompatibilityQuestion, FeatureFlag, Requirement, Subject};
use std::collections::BTreeMap;

/// The calls that a set makes, those of one service taken together.
///
/// Forty services may call one tax service: that is one thing to read, so it is
/// one finding. What an entry of `ignore` leaves aside is told by itself.
pub(crate) struct Calls<'a> {
    /// Sorted: questions are nearly so already, and a list of them is quickly sorted.
    by_server: Vec<(&'a str, Option<Edge<'a>>, Caller<'a>)>,
}

/// A service, or one instance of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Caller<'a> {
    service: &'a str,
    instance: Option<&'a str>,
}

/// Calls of one service, or those of them that one entry leaves aside.
pub(crate) struct Called<'a> {
    pub(crate) server: &'a str,
    pub(crate) ignored: Option<Edge<'a>>,
    callers: &'a [(&'a str, Option<Edge<'a>>, Caller<'a>)],
}

impl<'a> Calls<'a> {
    pub(crate) fn of(
        question: &'a CompatibilityQuestion,
        settings: &Settings,
        stated: &Stated<'a>,
    ) -> Self {
        let ignored: BTreeMap<Edge, Edge> =
            stated.ignored.iter().map(|edge| (plain(*edge), *edge)).collect();
        let mut calls = Self { by_server: Vec::with_capacity(question.requirements.len()) };
        if settings.requirements {
            let flags: BTreeMap<&str, &FeatureFlag> = question
                .candidate
                .feature_flags
                .iter()
                .map(|flag| (flag.key.as_str(), flag))
                .collect();
            // What is its own dependency stands for needs that nobody can read: no call.
            let is_call = |it: &&Requirement| it.active && it.dependent != it.dependency;
            for requirement in question.requirements.iter().filter(is_call) {
                let dependent = &requirement.dependent;
                let caller = match dependent {
                    Subject::FeatureFlag(key) => {
                        flags.get(key.as_str()).and_then(|flag| flag.service.as_deref())
                    }
                    Subject::Service(name) | Subject::Instance(name) => Some(name.as_str()),
                };
                if let (Some(caller), Some(server)) = (caller, requirement.dependency.service()) {
                    calls.add(Caller::named(caller), server, &[dependent.name()], &ignored);
                }
            }
        }
        for edge in &stated.talks {
            calls.add(Caller::named(edge.caller), edge.server, &[], &ignored);
        }
        calls.by_server.sort();
        calls.by_server.dedup();
        calls
    }

    /// `names` are what an entry of `ignore` may call the caller besides.
    fn add(
        &mut self,
        caller: Caller<'a>,
        server: &'a str,
        names: &[&'a str],
        ignored: &BTreeMap<Edge<'a>, Edge<'a>>,
    ) {
        let mut names = names.iter().copied().chain([caller.service]);
        let entry = names.find_map(|caller| ignored.get(&Edge { caller, server }));
        self.by_server.push((server, entry.copied(), caller));
    }

    /// Calls, by the name of the service called.
    pub(crate) fn by_server(&'a self) -> impl Iterator<Item = Called<'a>> {
        let of_one = self.by_server.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1));
        of_one.map(|callers| Called { server: callers[0].0, ignored: callers[0].1, callers })
    }
}

impl<'a> Caller<'a> {
    fn named(name: &'a str) -> Self {
        match name.split_once('/') {
            Some((service, instance)) => Self { service, instance: Some(instance) },
            None => Self { service: name, instance: None },
        }
    }
}

impl Called<'_> {
    /// Those of a set that call, each once.
    pub(crate) fn callers<'s>(&self, set: &'s Set<'s>) -> Vec<&'s Running<'s>> {
        let mut callers = Vec::new();
        let mut whole = None;
        // A service comes before its instances, which it stands for.
        for (_, _, caller) in self.callers {
            if caller.instance.is_none() {
                whole = Some(caller.service);
            } else if whole == Some(caller.service) {
                continue;
            }
            callers.extend(set.instances(caller.service, caller.instance));
        }
        callers
    }

    pub(crate) fn servers<'s>(&self, set: &'s Set<'s>) -> Vec<&'s Running<'s>> {
        set.instances(self.server, None).iter().collect()
    }
}

/// A flag may be written as messages name it: `flag tax-call`.
fn plain(edge: Edge<'_>) -> Edge<'_> {
    Edge { caller: edge.caller.strip_prefix("flag ").unwrap_or(edge.caller), ..edge }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{needs_tax, question, said, set};
    use snapshot_policy::{CompatibilityQuestion, FeatureFlag, Requirement, Snapshot, Subject};

    const CLASH: &str = "deny major-differs: cart/cart 1.9.0 calls tax/tax 2.0.0: they do not share a major version";

    fn behind_a_flag(active: bool, service: Option<&str>) -> CompatibilityQuestion {
        let flag = FeatureFlag {
            key: "tax-call".to_owned(),
            enabled: active,
            service: service.map(str::to_owned),
            ..FeatureFlag::default()
        };
        let shop = set(&[("cart/cart", "1.9.0"), ("tax/tax", "2.0.0")]);
        let mut requirement = needs_tax("tax-call");
        requirement.active = active;
        CompatibilityQuestion {
            requirements: vec![requirement],
            ..question(Snapshot { feature_flags: vec![flag], ..shop })
        }
    }

    #[test]
    fn what_a_flag_needs_its_service_calls() {
        assert_eq!(said(&behind_a_flag(true, Some("cart"))), [CLASH]);
        assert!(said(&behind_a_flag(false, Some("cart"))).is_empty());
        assert!(said(&behind_a_flag(true, None)).is_empty());
    }

    #[test]
    fn needs_that_nobody_can_read_are_no_call() {
        let requirement = Requirement {
            dependent: Subject::Instance("cart/cart".to_owned()),
            dependency: Subject::Instance("cart/cart".to_owned()),
            active: true,
            ..needs_tax("cart/cart")
        };
        let shop = set(&[("cart/cart", "1.9.0"), ("cart/next", "2.0.0")]);
        let question = CompatibilityQuestion { requirements: vec![requirement], ..question(shop) };
        assert!(said(&question).is_empty());
    }

    #[test]
    fn a_flag_may_be_ignored_by_any_of_its_names() {
        for name in ["cart", "tax-call", "flag tax-call"] {
            let settings = format!(r#"{{"ignore": ["{name} -> tax"]}}"#);
            let question = CompatibilityQuestion { settings, ..behind_a_flag(true, Some("cart")) };
            assert!(said(&question)[0].starts_with("info call-ignored"), "{name}");
        }
    }

    #[test]
    fn one_instance_may_call_and_another_not() {
        let shop = [("cart/cart", "1.9.0"), ("cart/next", "2.0.0"), ("tax/tax", "1.4.1")];
        assert!(said(&question(set(&shop))).is_empty());
        let settings = r#"{"talks": ["cart -> tax"]}"#.to_owned();
        let both = CompatibilityQuestion { settings, ..question(set(&shop)) };
        assert_eq!(
            said(&both),
            [
                "deny major-differs: cart/next 2.0.0 calls tax/tax 1.4.1: they do not share a major version"
            ]
        );
    }

    #[test]
    fn who_does_not_talk_is_not_judged() {
        let settings = r#"{"requirements": false}"#.to_owned();
        let shop = set(&[("cart/cart", "1.9.0"), ("tax/tax", "2.0.0")]);
        assert!(said(&CompatibilityQuestion { settings, ..question(shop) }).is_empty());
    }
}
