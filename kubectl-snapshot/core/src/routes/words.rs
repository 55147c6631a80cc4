//! Shares in words: `90 % cart 2.3, 10 % cart-canary 2.4`.

use super::{Receiver, Rule, Share};

/// A share of requests in percent: `90 %`, `33.3 %`.
#[must_use]
pub fn percent(weight: u64, sum: u64) -> String {
    if sum == 0 || weight == 0 {
        return "0 %".to_owned();
    }
    // In tenths of a percent, rounded.
    let (weight, sum) = (u128::from(weight), u128::from(sum));
    let tenths = (weight * 1000 + sum / 2) / sum;
    match (tenths / 10, tenths % 10) {
        (0, 0) => "under 0.1 %".to_owned(),
        // What is nearly all is not all.
        (100, 0) if weight < sum => "over 99.9 %".to_owned(),
        (whole, 0) => format!("{whole} %"),
        (whole, tenth) => format!("{whole}.{tenth} %"),
    }
}

/// The shares of a rule. Backends that get nothing are left out, beside others that get something.
#[must_use]
pub fn shares_in_words(rule: &Rule) -> String {
    let some = rule.shares.iter().any(|share| share.weight > 0);
    let shown = rule.shares.iter().filter(|share| share.weight > 0 || !some);
    let words: Vec<String> = shown.map(Share::in_words).collect();
    match (&rule.otherwise, words.is_empty()) {
        (Some(otherwise), true) => otherwise.clone(),
        (None, true) => "no backend".to_owned(),
        (_, false) => words.join(", "),
    }
}

impl Share {
    fn in_words(&self) -> String {
        let percent = percent(self.weight, self.sum);
        let backend = match &self.subset {
            Some(subset) => format!("{}, subset {subset}", self.backend),
            None => self.backend.clone(),
        };
        if self.instances.is_empty() {
            return format!("{percent} {backend} (none of the set)");
        }
        let receivers: Vec<String> = self.instances.iter().map(Receiver::in_words).collect();
        format!("{percent} {}", receivers.join(" and "))
    }
}

impl Receiver {
    fn in_words(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.instance),
            None => self.instance.to_string(),
        }
    }
}

impl Rule {
    /// The rule without versions: those are told with the images.
    #[must_use]
    pub(crate) fn without_versions(&self) -> Self {
        let mut rule = self.clone();
        for receiver in rule.shares.iter_mut().flat_map(|share| &mut share.instances) {
            receiver.version = None;
        }
        rule
    }
}
