//! Artifacts that are to be loaded, told by their first bytes.

use crate::error::{FileKind, ForeignHost, LoadError};

/// The first eight bytes of a component: magic, version 13, layer 1.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
/// Header of a core module: magic, version 1, layer 0.
const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// Checks that `bytes` begin like a component of at most `limit` bytes.
pub(crate) fn recognise(bytes: &[u8], limit: usize) -> Result<(), LoadError> {
    if bytes.len() > limit {
        return Err(LoadError::TooLarge { size: bytes.len(), limit });
    }
    match bytes {
        _ if bytes.starts_with(COMPONENT) => Ok(()),
        _ if bytes.starts_with(CORE_MODULE) => Err(core_module(bytes)),
        _ if bytes.starts_with(b"\0asm") => Err(LoadError::UnknownEncoding),
        _ => Err(LoadError::NotWebAssembly { instead: looks_like(bytes) }),
    }
}

/// Error that names a core module, by the names of what it exports.
fn core_module(bytes: &[u8]) -> LoadError {
    let names = |name: &str| bytes.windows(name.len()).any(|part| part == name.as_bytes());
    if names("opa_eval") || names("opa_abort") {
        LoadError::ForeignModule { host: ForeignHost::Opa }
    } else if names("__guest_call") {
        LoadError::ForeignModule { host: ForeignHost::Wapc }
    } else {
        LoadError::CoreModule
    }
}

fn looks_like(bytes: &[u8]) -> FileKind {
    match bytes {
        [] => FileKind::Empty,
        [0x7f, b'E', b'L', b'F', ..] => FileKind::Elf,
        [0x1f, 0x8b, ..] => FileKind::Gzip,
        [b'P', b'K', 3, 4, ..] => FileKind::Zip,
        _ if is_wat(bytes) => FileKind::WebAssemblyText,
        _ if std::str::from_utf8(bytes).is_ok() => FileKind::Text,
        _ => FileKind::Binary,
    }
}

fn is_wat(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"(component") || text.starts_with(b"(module") || text.starts_with(b";;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_passes() {
        assert!(recognise(COMPONENT, 8).is_ok());
        assert!(matches!(recognise(COMPONENT, 7), Err(LoadError::TooLarge { size: 8, limit: 7 })));
    }

    #[test]
    fn anything_else_is_named() {
        let instead = |bytes: &[u8]| match recognise(bytes, 100) {
            Err(LoadError::NotWebAssembly { instead }) => instead.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(instead(b""), "an empty file");
        assert_eq!(instead(b"\n (component)"), "WebAssembly text");
        assert_eq!(instead(b"fn main() {}"), "a text file");
        assert_eq!(instead(b"\xff\xfe\0"), "some other binary file");
        assert!(matches!(recognise(CORE_MODULE, 100), Err(LoadError::CoreModule)));
        let module = |export: &str| {
            let bytes = [CORE_MODULE, b"\x07\x0c\x01\x08", export.as_bytes(), b"\0\0"].concat();
            recognise(&bytes, 100).unwrap_err().to_string()
        };
        assert_eq!(
            module("opa_eval"),
            "it is a policy of OPA, a WebAssembly module for OPA's own hosts"
        );
        assert!(module("__guest_call").contains("waPC"));
        assert_eq!(module("run"), LoadError::CoreModule.to_string());
        assert!(matches!(recognise(b"\0asm\x0a\0\x01\0", 100), Err(LoadError::UnknownEncoding)));
    }
}
