//! Traits that a policy's author implements.

use crate::{
    CompatibilityQuestion, CompatibilityQuestionByLookUps, Description, Finding, PromotionQuestion,
    PromotionQuestionByLookUps,
};

/// Description of a policy, which every policy gives.
pub trait Policy {
    /// Name, version, purpose and settings.
    ///
    /// Asked for when the policy is loaded. It takes part in no decision, so it
    /// should not depend on anything.
    fn describe() -> Description;
}

/// A policy that decides whether a set of versions and flags works together.
pub trait CompatibilityPolicy: Policy {
    /// Judges the candidate.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged at all; the verdict is then `undecided`.
    fn check(question: &CompatibilityQuestion) -> Result<Vec<Finding>, String>;
}

/// A policy that decides whether a snapshot may be promoted to a stage.
pub trait PromotionPolicy: Policy {
    /// Judges the promotion.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged at all; the verdict is then `undecided`.
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String>;
}

/// A policy that decides compatibility, and looks up in [`sets`](crate::sets) what it reads.
///
/// It costs what it reads, and not what there is.
pub trait CompatibilityPolicyByLookUps: Policy {
    /// Judges the candidate.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged at all; the verdict is then `undecided`.
    fn check(question: &CompatibilityQuestionByLookUps) -> Result<Vec<Finding>, String>;
}

/// A policy that decides promotion, and looks up in [`sets`](crate::sets) what it reads.
pub trait PromotionPolicyByLookUps: Policy {
    /// Judges the promotion.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged at all; the verdict is then `undecided`.
    fn review(question: &PromotionQuestionByLookUps) -> Result<Vec<Finding>, String>;
}
