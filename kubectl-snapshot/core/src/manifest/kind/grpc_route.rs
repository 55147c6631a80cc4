//! The kind GRPCRoute of the Gateway API: shares of gRPC calls among Services.

use super::{Defaults, FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "GRPCRoute",
    group: "gateway.networking.k8s.io",
    former_groups: &[],
    version: "v1",
    other_versions: &["v1alpha2"],
    plural: "grpcroutes",
    serving: Serving::IfServed,
    wave: Wave::Routes,
    role: Role::Route,
    fixed: FixedFields::None,
    form: Form::Reduced(Defaults::of(
        r#"
        spec.parentRefs[*].group = "gateway.networking.k8s.io"
        spec.parentRefs[*].kind = "Gateway"
        spec.rules[*].backendRefs[*].weight = 1
        spec.rules[*].backendRefs[*].group = ""
        spec.rules[*].backendRefs[*].kind = "Service"
        spec.rules[*].filters[*].requestMirror.backendRef.group = ""
        spec.rules[*].filters[*].requestMirror.backendRef.kind = "Service"
        spec.rules[*].matches[*].headers[*].type = "Exact"
        spec.rules[*].matches[*].method.type = "Exact"
        "#,
    )),
};
