//! The kind HTTPRoute of the Gateway API: shares of HTTP requests among Services.

use super::{Defaults, FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "HTTPRoute",
    group: "gateway.networking.k8s.io",
    former_groups: &[],
    version: "v1",
    other_versions: &["v1beta1"],
    plural: "httproutes",
    serving: Serving::IfServed,
    wave: Wave::Routes,
    role: Role::Route,
    fixed: FixedFields::None,
    // A match without a condition is what a rule without any match gets.
    form: Form::Reduced(Defaults::of(
        r#"
        spec.parentRefs[*].group = "gateway.networking.k8s.io"
        spec.parentRefs[*].kind = "Gateway"
        spec.rules[*].backendRefs[*].weight = 1
        spec.rules[*].backendRefs[*].group = ""
        spec.rules[*].backendRefs[*].kind = "Service"
        spec.rules[*].filters[*].requestMirror.backendRef.group = ""
        spec.rules[*].filters[*].requestMirror.backendRef.kind = "Service"
        spec.rules[*].filters[*].requestRedirect.statusCode = 302
        spec.rules[*].matches[*].headers|queryParams[*].type = "Exact"
        spec.rules[*].matches[*].path.type = "PathPrefix"
        spec.rules[*].matches[*].path.value = "/"
        spec.rules[*].matches[*].path = {}
        spec.rules[*].matches = [{}]
        spec.rules = [{}]
        "#,
    )),
};
