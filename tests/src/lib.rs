//! What end-to-end tests stand on: a cluster, a namespace for each test, and
//! runs of `kubectl` and of the plugin whose whole answer is one snapshot.
//!
//! ```no_run
//! use end_to_end::{Cluster, Namespace, fixture};
//!
//! let dev = Namespace::new(Cluster::shared(), "dev");
//! dev.apply(&fixture("shop/dev.yaml"));
//! dev.wait_rollouts();
//! let captured = dev.plugin(["capture", "rel-42"]).run();
//! // insta::assert_snapshot!(captured);
//! ```
//!
//! The cluster is the private control plane of `control-plane/`. Under
//! `control-plane exec -- cargo test` all test binaries share one; without it
//! each starts its own, which ends with it. No other cluster is ever touched,
//! unless `KUBECTL_SNAPSHOT_TEST_CONTEXT` names one.

mod access;
mod cluster;
mod driver;
mod files;
mod folder;
mod go;
mod guest;
mod invocation;
mod krew;
mod manifests;
mod namespace;
mod output;
mod process;
mod proxy;
mod redaction;
mod registry;
mod requests;
mod running;
mod schemas;
mod waiting;

pub use access::Rule;
pub use cluster::Cluster;
pub use driver::{Driver, build_folder};
pub use files::{fixture, shared_data};
pub use folder::Folder;
pub use guest::HOSTILE_POLICY;
pub use invocation::Invocation;
pub use krew::Krew;
pub use namespace::Namespace;
pub use output::Output;
pub use proxy::Proxy;
pub use redaction::Redaction;
pub use registry::{Registry, USER};
pub use requests::Request;
pub use running::Running;
pub use schemas::{published_schemas, schema_violations};
pub use waiting::wait_for;
