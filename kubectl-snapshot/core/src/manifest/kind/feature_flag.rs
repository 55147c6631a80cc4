//! The kind FeatureFlag: flag definitions of the OpenFeature operator.

use super::{FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "FeatureFlag",
    group: "core.openfeature.dev",
    former_groups: &[],
    version: "v1beta1",
    other_versions: &[],
    plural: "featureflags",
    serving: Serving::IfInstalled,
    wave: Wave::Configuration,
    role: Role::FeatureFlags,
    fixed: FixedFields::None,
    form: Form::AsWritten,
};
