//! The kind ServiceAccount: the identities of workloads' pods.

use super::{Defaults, FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "ServiceAccount",
    group: "",
    former_groups: &[],
    version: "v1",
    other_versions: &[],
    plural: "serviceaccounts",
    serving: Serving::IfAllowed,
    wave: Wave::Configuration,
    role: Role::Account,
    fixed: FixedFields::None,
    form: Form::Reduced(Defaults {
        // Early servers made a token for each.
        assigned: |account| drop(account.remove("secrets")),
        ..Defaults::of("")
    }),
};
