//! Times when nothing is promoted.

use crate::{
    fact::applies,
    settings::{Settings, Window},
    time, wording,
};
use snapshot_policy::{Finding, PromotionQuestion};

/// A time when nothing is promoted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Freeze<'a> {
    /// Seconds since 1970.
    pub(crate) from: u64,
    /// The first second after it.
    pub(crate) until: u64,
    /// Target stages; all where there are none.
    pub(crate) targets: &'a [String],
    /// Groups whose members may, all the same.
    pub(crate) except: &'a [String],
    pub(crate) because: Option<&'a str>,
}

/// The freezes of the settings.
pub(crate) fn freezes(settings: &Settings) -> Result<Vec<Freeze<'_>>, String> {
    settings.freeze.iter().map(Freeze::of).collect()
}

/// The freezes that this promotion falls into.
pub(crate) fn judge(freezes: &[Freeze], question: &PromotionQuestion) -> Vec<Finding> {
    let target = &question.target.name;
    let now = freezes.iter().filter(|freeze| {
        (freeze.from..freeze.until).contains(&question.now) && applies(freeze.targets, target)
    });
    now.map(|freeze| freeze.finding(question)).collect()
}

impl<'a> Freeze<'a> {
    fn of(window: &'a Window) -> Result<Self, String> {
        let from = time::instant("freeze.from", &window.from)?;
        let until = time::instant("freeze.until", &window.until)?;
        if until <= from {
            return Err(format!(
                "the setting `freeze` has one that is over before it begins: {} to {}",
                window.from, window.until
            ));
        }
        let (targets, except) = (&window.targets, &window.except);
        Ok(Self { from, until, targets, except, because: window.because.as_deref() })
    }
}

impl Freeze<'_> {
    fn finding(&self, question: &PromotionQuestion) -> Finding {
        let (target, until) = (&question.target.name, time::at(self.until));
        let because = self.because.map(|why| format!(" ({why})")).unwrap_or_default();
        let frozen = format!("{target} is frozen until {until}{because}");
        let group = self.except.iter().find(|group| question.actor.groups.contains(group));
        let Some(group) = group else {
            return Finding::deny("frozen", frozen).hint(self.way_out());
        };
        let reason = wording::reason(question)
            .map(|reason| format!("; the reason given is {reason:?}"))
            .unwrap_or_default();
        let actor = &question.actor.name;
        let message = format!("{frozen}, and {actor} may promote as a member of {group}{reason}");
        Finding::warning("frozen", message)
    }

    fn way_out(&self) -> String {
        match self.except {
            [] => "wait until it is over".to_owned(),
            groups => {
                format!("wait until it is over, or let a member of {} do it", groups.join(" or "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::freezes;
    use crate::settings::Settings;
    use crate::test_support::{findings, promotion, said};
    use snapshot_policy::{PromotionQuestion, parse_settings};

    fn frozen(window: &str) -> PromotionQuestion {
        let settings = format!(r#"{{"freeze": [{window}]}}"#);
        PromotionQuestion { settings, ..promotion() }
    }

    #[test]
    fn nothing_is_promoted_while_it_lasts() {
        let question = frozen(
            r#"{"from": "2026-11-20T00:00:00Z", "until": "2026-11-30T00:00:00Z", "because": "sale"}"#,
        );
        assert_eq!(
            said(&question),
            ["deny frozen: prod is frozen until 2026-11-30T00:00:00Z (sale)"]
        );
        assert_eq!(findings(&question)[0].hint.as_deref(), Some("wait until it is over"));
        for window in [
            r#"{"from": "2026-11-20T00:00:00Z", "until": "2026-11-22T10:00:00Z"}"#,
            r#"{"from": "2026-11-22T10:00:01Z", "until": "2026-11-23T00:00:00Z"}"#,
            r#"{"from": "2026-11-20T00:00:00Z", "until": "2026-11-30T00:00:00Z", "for": ["qa"]}"#,
        ] {
            assert!(said(&frozen(window)).is_empty(), "{window}");
        }
    }

    #[test]
    fn those_who_may_are_told_so() {
        let window = r#"{"from": "2026-11-20T00:00:00Z", "until": "2026-11-30T00:00:00Z", "except": ["shop"]}"#;
        let reason = Some("the till is down".to_owned());
        assert_eq!(
            said(&PromotionQuestion { reason, ..frozen(window) }),
            [
                "warning frozen: prod is frozen until 2026-11-30T00:00:00Z, and ada may promote as a \
                 member of shop; the reason given is \"the till is down\""
            ]
        );
        let mut question = frozen(window);
        question.actor.groups.clear();
        assert_eq!(
            findings(&question)[0].hint.as_deref(),
            Some("wait until it is over, or let a member of shop do it")
        );
    }

    #[test]
    fn one_that_is_over_before_it_begins_is_an_error() {
        let freeze = r#"{"from": "2026-12-24T00:00:00Z", "until": "2026-12-20T00:00:00Z"}"#;
        let settings = parse_settings::<Settings>(&format!(r#"{{"freeze": [{freeze}]}}"#)).unwrap();
        assert_eq!(
            freezes(&settings).unwrap_err(),
            "the setting `freeze` has one that is over before it begins: 2026-12-24T00:00:00Z to \
             2026-12-20T00:00:00Z"
        );
    }
}
