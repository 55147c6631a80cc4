//! A call as settings write it.

use std::fmt;

/// `cart -> tax`: who calls, and who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge<'a> {
    /// A service, an instance, or a flag of a service.
    pub(crate) caller: &'a str,
    /// A service.
    pub(crate) server: &'a str,
}

impl<'a> Edge<'a> {
    /// Reads one entry of the list that the setting `setting` has.
    pub(crate) fn read(setting: &str, text: &'a str) -> Result<Self, String> {
        let ends = text.split_once("->").map(|(caller, server)| (caller.trim(), server.trim()));
        match ends {
            Some((caller, server)) if ![caller, server].contains(&"") && !server.contains("->") => {
                Ok(Self { caller, server })
            }
            _ => Err(format!("the setting `{setting}` has {text:?}; write it as \"cart -> tax\"")),
        }
    }
}

impl fmt::Display for Edge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.caller, self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_edge_is_an_error_that_names_the_setting() {
        let edge = Edge { caller: "cart", server: "tax" };
        assert_eq!(Edge::read("talks", " cart->tax "), Ok(edge));
        for text in ["", "cart", "-> tax", "cart ->", "cart -> tax -> ship"] {
            assert_eq!(
                Edge::read("talks", text).unwrap_err(),
                format!("the setting `talks` has {text:?}; write it as \"cart -> tax\"")
            );
        }
    }
}
