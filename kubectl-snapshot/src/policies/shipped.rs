//! The policies inside the plugin, written with the guest crate like anyone's.

use snapshot_core::policy::Decision;

/// A policy that ships inside the plugin.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Name.
    pub name: &'static str,
    /// Decision that it makes.
    pub decides: Decision,
    /// True if it is asked where nobody has bound it.
    pub by_default: bool,
    /// The component.
    pub bytes: &'static [u8],
}

/// Those that ship.
pub const SHIPPED: [Shipped; 3] = [
    Shipped {
        name: "flag-compatibility",
        decides: Decision::Compatibility,
        by_default: true,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/flag-compatibility.wasm")),
    },
    Shipped {
        name: "promotion-ladder",
        decides: Decision::Promotion,
        by_default: true,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/promotion-ladder.wasm")),
    },
    // A shop's services need not share a major version: whoever wants that, binds it.
    Shipped {
        name: "semver-major",
        decides: Decision::Compatibility,
        by_default: false,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/semver-major.wasm")),
    },
];

/// The shipped policy of that name.
#[must_use]
pub fn shipped(name: &str) -> Option<Shipped> {
    SHIPPED.into_iter().find(|policy| policy.name == name)
}
