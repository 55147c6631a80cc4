//! kubectl's `JSONPath` templates.
//!
//! A template is text with expressions in braces. The expressions are kubectl's
//! dialect of `JSONPath`; each is rewritten to the standard (RFC 9535), and a
//! library evaluates it.
//!
//! | kubectl | here |
//! |---|---|
//! | `{.metadata.name}`, `{$.a}`, `{@.a}` | the same; inside a range, `$` and `@` both are its item |
//! | `{.a\.b}`, `{['a.b']}`, `{['a\.b']}` | the member `a.b` |
//! | `{.items[*].name}`, `{..name}`, `{.a[0:2]}`, `{.a[0,1]}` | the same |
//! | `{.items[?(@.a=="b")].c}` | the same, and what RFC 9535 adds: `&&`, `\|\|`, `!`, functions |
//! | `{range .items[*]}…{end}`, `{"\n"}` | the same |

mod expression;
mod print;
mod template;

pub use template::{Template, TemplateError};
