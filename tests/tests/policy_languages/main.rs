//! Policies in every language that `policy new` has a template for, and the
//! examples under `policies/`: built by the language's ordinary tools, loaded
//! by the plugin's host, and asked what their fixtures ask.
//!
//! Rust is always there. The tools of the other languages are installed into
//! the user's cache folder, once, as the template's own files say; where that is
//! impossible a line says so and the test passes, unless
//! `KUBECTL_SNAPSHOT_TEST_LANGUAGES=all`.

mod c;
mod javascript;
mod program;
mod python;
mod rust;
mod tools;
mod workplace;
