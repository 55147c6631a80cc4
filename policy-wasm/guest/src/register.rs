//! Export of a type that implements the traits, as a component.

use crate::bindings::{
    about, compatibility, compatibility_by_look_ups, promotion, promotion_by_look_ups,
};
use crate::{
    CompatibilityPolicy, CompatibilityPolicyByLookUps, CompatibilityQuestion,
    CompatibilityQuestionByLookUps, Description, Finding, Policy, PromotionPolicy,
    PromotionPolicyByLookUps, PromotionQuestion, PromotionQuestionByLookUps,
};
use std::{marker::PhantomData, mem::ManuallyDrop};

/// Makes the crate a policy: exports a type's decisions from the component.
///
/// Used once in a crate, with the decisions that the type implements:
///
/// ```
/// # use snapshot_policy::*;
/// # struct NoLatest;
/// # impl Policy for NoLatest { fn describe() -> Description { Description::default() } }
/// # impl CompatibilityPolicy for NoLatest {
/// #     fn check(_: &CompatibilityQuestion) -> Result<Vec<Finding>, String> { Ok(vec![]) }
/// # }
/// snapshot_policy::register!(NoLatest: compatibility);
/// ```
///
/// or `register!(Ladder: promotion)`, or `register!(Both: compatibility, promotion)`; with
/// `compatibility_by_look_ups` and `promotion_by_look_ups` for those that look the sets up.
/// On other targets than WebAssembly it exports nothing, and only checks that the
/// traits are implemented.
#[macro_export]
macro_rules! register {
    ($policy:ty: $($decision:ident),+ $(,)?) => {
        const _: () = {
            type Registered = $crate::Exported<$policy>;
            $($crate::register!(@implemented $decision Registered);)+

            #[cfg(target_family = "wasm")]
            $crate::bindings::about::export_about!(
                Registered with_types_in $crate::bindings::about
            );
            $(
                #[cfg(target_family = "wasm")]
                $crate::register!(@export $decision Registered);
            )+
        };
    };
    (@implemented compatibility $registered:ident) => {
        const _: fn() = $registered::implements_compatibility;
    };
    (@implemented promotion $registered:ident) => {
        const _: fn() = $registered::implements_promotion;
    };
    (@implemented compatibility_by_look_ups $registered:ident) => {
        const _: fn() = $registered::implements_compatibility_by_look_ups;
    };
    (@implemented promotion_by_look_ups $registered:ident) => {
        const _: fn() = $registered::implements_promotion_by_look_ups;
    };
    (@export compatibility_by_look_ups $registered:ident) => {
        $crate::bindings::compatibility_by_look_ups::export_compatibility_by_look_ups!(
            $registered with_types_in $crate::bindings::compatibility_by_look_ups
        );
    };
    (@export promotion_by_look_ups $registered:ident) => {
        $crate::bindings::promotion_by_look_ups::export_promotion_by_look_ups!(
            $registered with_types_in $crate::bindings::promotion_by_look_ups
        );
    };
    (@export compatibility $registered:ident) => {
        $crate::bindings::compatibility::export_compatibility!(
            $registered with_types_in $crate::bindings::compatibility
        );
    };
    (@export promotion $registered:ident) => {
        $crate::bindings::promotion::export_promotion!(
            $registered with_types_in $crate::bindings::promotion
        );
    };
}

/// Stands between the contract's functions, which own their question, and an
/// author's, which borrow it.
///
/// A question is never dropped: each is asked of a fresh instance, which ends
/// with its answer, and freeing ten thousand services one by one takes time.
pub struct Exported<P>(PhantomData<P>);

impl<P: CompatibilityPolicy> Exported<P> {
    /// Compiles where the trait is implemented.
    pub fn implements_compatibility() {}
}

impl<P: PromotionPolicy> Exported<P> {
    /// Compiles where the trait is implemented.
    pub fn implements_promotion() {}
}

impl<P: CompatibilityPolicyByLookUps> Exported<P> {
    /// Compiles where the trait is implemented.
    pub fn implements_compatibility_by_look_ups() {}
}

impl<P: PromotionPolicyByLookUps> Exported<P> {
    /// Compiles where the trait is implemented.
    pub fn implements_promotion_by_look_ups() {}
}

impl<P: Policy> about::exports::snapshot::policy::about::Guest for Exported<P> {
    fn describe() -> Description {
        P::describe()
    }
}

impl<P: CompatibilityPolicy> compatibility::exports::snapshot::policy::compatibility::Guest
    for Exported<P>
{
    fn check(question: CompatibilityQuestion) -> Result<Vec<Finding>, String> {
        P::check(&ManuallyDrop::new(question))
    }
}

impl<P: PromotionPolicy> promotion::exports::snapshot::policy::promotion::Guest for Exported<P> {
    fn review(question: PromotionQuestion) -> Result<Vec<Finding>, String> {
        P::review(&ManuallyDrop::new(question))
    }
}

impl<P: CompatibilityPolicyByLookUps>
    compatibility_by_look_ups::exports::snapshot::policy::compatibility_by_look_ups::Guest
    for Exported<P>
{
    fn check(question: CompatibilityQuestionByLookUps) -> Result<Vec<Finding>, String> {
        P::check(&question)
    }
}

impl<P: PromotionPolicyByLookUps>
    promotion_by_look_ups::exports::snapshot::policy::promotion_by_look_ups::Guest for Exported<P>
{
    fn review(question: PromotionQuestionByLookUps) -> Result<Vec<Finding>, String> {
        P::review(&question)
    }
}
