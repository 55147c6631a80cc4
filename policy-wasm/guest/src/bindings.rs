//! Bindings that wit-bindgen makes of the contract: one world per interface, so that
//! [`register!`](crate::register) can export any of them together. The linker joins the
//! worlds that are used; those that are not leave no trace.

#![expect(
    clippy::same_length_and_capacity,
    reason = "generated: a list goes back as the canonical ABI handed it over"
)]

pub mod about {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package snapshot:exports; world describes { export snapshot:policy/about@0.1.0; }",
        pub_export_macro: true,
        export_macro_name: "export_about",
        generate_all,
    });
}

pub mod compatibility {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package snapshot:exports; world checks { export snapshot:policy/compatibility@0.1.0; }",
        additional_derives: [PartialEq],
        pub_export_macro: true,
        export_macro_name: "export_compatibility",
        generate_all,
    });
}

pub mod promotion {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package snapshot:exports; world reviews { export snapshot:policy/promotion@0.1.0; }",
        with: {
            "snapshot:policy/types@0.1.0": crate::bindings::compatibility::snapshot::policy::types,
        },
        additional_derives: [PartialEq],
        pub_export_macro: true,
        export_macro_name: "export_promotion",
        generate_all,
    });
}

pub mod compatibility_by_look_ups {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package snapshot:exports; world checks-by-look-ups { export snapshot:policy/compatibility-by-look-ups@0.1.0; }",
        with: {
            "snapshot:policy/types@0.1.0": crate::bindings::compatibility::snapshot::policy::types,
        },
        additional_derives: [PartialEq],
        pub_export_macro: true,
        export_macro_name: "export_compatibility_by_look_ups",
        generate_all,
    });
}

pub mod promotion_by_look_ups {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package snapshot:exports; world reviews-by-look-ups { export snapshot:policy/promotion-by-look-ups@0.1.0; }",
        with: {
            "snapshot:policy/types@0.1.0": crate::bindings::compatibility::snapshot::policy::types,
        },
        additional_derives: [PartialEq],
        pub_export_macro: true,
        export_macro_name: "export_promotion_by_look_ups",
        generate_all,
    });
}

pub mod lookup {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package snapshot:exports; world looks-up { include snapshot:policy/all-look-ups@0.1.0; }",
        with: {
            "snapshot:policy/types@0.1.0": crate::bindings::compatibility::snapshot::policy::types,
        },
        additional_derives: [PartialEq],
        generate_all,
    });
}
