//! The policies inside the plugin, written with the guest crate like anyone's.

/// A policy that ships inside the plugin.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Whether it is asked where nobody has bound it.
    pub by_default: bool,
    /// The component.
    pub bytes: &'static [u8],
}

/// Those that ship.
pub const SHIPPED: [Shipped; 1] = [Shipped {
    name: "flag-compatibility",
    by_default: true,
    bytes: include_bytes!(concat!(env!("OUT_DIR"), "/flag-compatibility.wasm")),
}];

/// The shipped policy of that name.
#[must_use]
pub fn shipped(name: &str) -> Option<Shipped> {
    SHIPPED.into_iter().find(|policy| policy.name == name)
}
