//! The kind DestinationRule of Istio: subsets of a Service's pods, by their labels.

use super::{FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "DestinationRule",
    group: "networking.istio.io",
    former_groups: &[],
    version: "v1",
    other_versions: &["v1beta1", "v1alpha3"],
    plural: "destinationrules",
    serving: Serving::IfServed,
    wave: Wave::Subsets,
    role: Role::Subsets,
    fixed: FixedFields::None,
    form: Form::AsWritten,
};
