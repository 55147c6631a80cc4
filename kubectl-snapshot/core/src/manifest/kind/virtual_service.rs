//! The kind VirtualService of Istio: shares of requests among subsets of Services.

use super::{FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "VirtualService",
    group: "networking.istio.io",
    former_groups: &[],
    version: "v1",
    other_versions: &["v1beta1", "v1alpha3"],
    plural: "virtualservices",
    serving: Serving::IfServed,
    wave: Wave::Routes,
    role: Role::Route,
    fixed: FixedFields::None,
    form: Form::AsWritten,
};
