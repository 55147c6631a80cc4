//! Errors of loading a policy, in words for the person who added it.
//!
//! Every message continues a sentence that begins with the policy's name or
//! file: "policy ./tax.wasm: it is a core module, not a component".

use crate::evaluation::Undecided;
use std::fmt;
use thiserror::Error;

/// Error: the engine itself could not be set up.
#[derive(Debug, Error)]
#[error("the WebAssembly engine could not be started: {reason}")]
pub struct HostError {
    pub(crate) reason: String,
}

/// Kind of a file that is no WebAssembly, as far as its first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Nothing.
    Empty,
    /// A native program, or a component that was compiled for one host.
    Elf,
    /// A gzip archive.
    Gzip,
    /// A zip archive.
    Zip,
    /// WebAssembly in its text format.
    WebAssemblyText,
    /// Other text.
    Text,
    /// Anything else.
    Binary,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty file",
            Self::Elf => "an ELF file: a native program or a precompiled component",
            Self::Gzip => "a gzip archive",
            Self::Zip => "a zip archive",
            Self::WebAssemblyText => "WebAssembly text",
            Self::Text => "a text file",
            Self::Binary => "some other binary file",
        })
    }
}

/// Host that a core module was built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForeignHost {
    /// Open Policy Agent.
    Opa,
    /// A host of waPC, such as Kubewarden.
    Wapc,
}

impl fmt::Display for ForeignHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Opa => "a policy of OPA, a WebAssembly module for OPA's own hosts",
            Self::Wapc => "a waPC module, as policies of Kubewarden are",
        })
    }
}

/// Error: a file is not a policy that can run here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Larger than [`Limits::component`](crate::Limits::component).
    #[error("it has {size} bytes; at most {limit} are loaded")]
    TooLarge {
        /// Size in bytes.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// No WebAssembly at all.
    #[error("it is not WebAssembly but {instead}")]
    NotWebAssembly {
        /// Description of what it looks like.
        instead: FileKind,
    },
    /// Core module without the component around it.
    #[error("it is a core WebAssembly module, not a component")]
    CoreModule,
    /// Core module for another host.
    #[error("it is {host}")]
    ForeignModule {
        /// The host.
        host: ForeignHost,
    },
    /// WebAssembly header of an unknown version or layer.
    #[error("it is encoded in a version of WebAssembly that this plugin does not know")]
    UnknownEncoding,
    /// Truncated or corrupt bytes.
    #[error("it is damaged: {reason}")]
    Damaged {
        /// Message of the engine.
        reason: String,
    },
    /// Component for something else.
    #[error("it is a component, but not a policy: it exports {}", Names(.exports))]
    NotAPolicy {
        /// Names of its exports.
        exports: Vec<String>,
    },
    /// Policy for another line of the contract.
    #[error("it speaks contract {theirs}, this plugin speaks {ours}")]
    OtherContract {
        /// The line it was built for, `0.2`.
        theirs: String,
        /// The line spoken here.
        ours: String,
    },
    /// Export of `about` alone.
    #[error("it decides nothing: it exports neither `compatibility` nor `promotion`")]
    DecidesNothing,
    /// Export of a decision, and not of `about`.
    #[error("it does not say what it is: it lacks the export `about`")]
    SaysNothingAboutItself,
    /// Imports that no policy gets.
    #[error("it imports what policies are not given: {}", Names(.imports))]
    ImportsNotOffered {
        /// The imports in question.
        imports: Vec<String>,
    },
    /// Imports with a known name, and other contents.
    #[error("its imports are not those of WASI 0.2: {reason}")]
    OtherImports {
        /// Description of the difference.
        reason: String,
    },
    /// Types that differ from the contract's.
    #[error("its types are not the contract's: {reason}")]
    OtherTypes {
        /// Description of the difference.
        reason: String,
    },
    /// Failure before it was asked anything.
    #[error("it could not say what it is: {0}")]
    Failed(Undecided),
}

impl LoadError {
    /// Hint: what the reader can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => {
                "build it for size: optimise, strip, leave out what it does not call"
            }
            Self::NotWebAssembly { instead: FileKind::WebAssemblyText } => {
                "assemble it first: wasm-tools parse policy.wat -o policy.wasm"
            }
            Self::NotWebAssembly { .. } => "pass the .wasm file that the policy's build writes",
            Self::CoreModule => {
                "in Rust, build with --target wasm32-wasip2; elsewhere, wrap it with \
                 `wasm-tools component new`"
            }
            Self::ForeignModule { .. } => {
                "its interface is another one, which nothing can wrap: write the rule as a component, \
                 in Rust, Python, JavaScript or C, as `policy new` begins one"
            }
            Self::UnknownEncoding => "rebuild the policy with current tools, or update this plugin",
            Self::Damaged { .. } => "fetch or build it again",
            Self::NotAPolicy { .. } | Self::DecidesNothing | Self::SaysNothingAboutItself => {
                "build it for one of the worlds of snapshot:policy: compatibility-policy, \
                 promotion-policy or policy"
            }
            Self::OtherContract { .. } => {
                "take the policy's release for this contract, or the plugin's for that one"
            }
            Self::ImportsNotOffered { imports } if imports.iter().all(|one| is_http(one)) => {
                "a policy is a pure function; where its source asks for nothing of HTTP, its tools \
                 import it: componentize-js leaves it out with disableFeatures: ['http', \
                 'fetch-event']"
            }
            Self::ImportsNotOffered { .. } => {
                "a policy is a pure function: what it needs to know has to be in its question or \
                 in its settings"
            }
            Self::OtherImports { .. } => {
                "build it with released tools for WASI 0.2, or update this plugin"
            }
            Self::OtherTypes { .. } => {
                "build it against policy.wit as published; a changed copy does not fit"
            }
            Self::Failed(undecided) => undecided.hint(),
        }
    }
}

fn is_http(import: &str) -> bool {
    import.starts_with("wasi:http/")
}

/// The first of a list that somebody else wrote.
struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 5;
        match (self.0.get(..SHOWN), self.0) {
            (_, []) => f.write_str("nothing"),
            (Some(shown), all) if all.len() > SHOWN => {
                write!(f, "{} and {} more", shown.join(", "), all.len() - SHOWN)
            }
            (_, all) => f.write_str(&all.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_counted() {
        let message = |count: usize| {
            let imports = (1..=count).map(|n| format!("i{n}")).collect();
            LoadError::ImportsNotOffered { imports }.to_string()
        };
        assert_eq!(message(2), "it imports what policies are not given: i1, i2");
        assert!(message(5).ends_with("i1, i2, i3, i4, i5"));
        assert!(message(7).ends_with("i1, i2, i3, i4, i5 and 2 more"));
    }
}
