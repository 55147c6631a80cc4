//! The word for what a policy decides.

use clap::ValueEnum;

use crate::policies::Decision;

/// Decision that a policy makes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DecisionWord {
    Compatibility,
    Promotion,
}

impl From<DecisionWord> for Decision {
    fn from(word: DecisionWord) -> Self {
        match word {
            DecisionWord::Compatibility => Self::Compatibility,
            DecisionWord::Promotion => Self::Promotion,
        }
    }
}
