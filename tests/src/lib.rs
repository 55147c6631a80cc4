//! Ground of the end-to-end tests: a cluster, a namespace for each test, and
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
//! Offline tests have a [`TestEnvironment`] and no cluster. For the others, the cluster is the
//! private control plane of `control-plane/`. Under
//! `control-plane exec -- cargo test` all test binaries share one; without it
//! each starts its own, which ends with it. No other cluster is ever touched,
//! unless `KUBECTL_SNAPSHOT_TEST_CONTEXT` names one.

mod access;
mod cluster;
mod difference;
mod driver;
mod environment;
mod faults;
mod files;
mod findings;
mod flipt_stand_in;
mod folder;
mod git;
mod go;
mod golden;
mod guest;
mod harness;
mod helm;
mod help;
mod html;
mod invocation;
mod krew;
mod large_shop;
mod manifests;
mod mutation;
mod namespace;
mod offline;
mod output;
mod plugin;
mod process;
mod proxy;
mod random;
mod redaction;
mod registry;
mod release;
mod requests;
mod running;
mod schemas;
mod unleash;
mod waiting;

pub use access::Rule;
pub use cluster::Cluster;
pub use difference::{DIFFERENCES, Difference};
pub use driver::Driver;
pub use end_to_end_attribute::test;
pub use environment::{TestEnvironment, plugin};
pub use faults::{ApiRequest, Fault, FaultyApiServer};
pub use files::{DEV, PROD, SECRET, TAX, fixture, shared_data};
pub use findings::{about, findings};
pub use flipt_stand_in::FliptStandIn;
pub use folder::Folder;
pub use git::GitRepository;
pub use golden::{GOLDEN, assert_reads_golden};
pub use guest::HOSTILE_POLICY;
pub use harness::{Test, assert_all_registered, ignore, run, run_offline};
pub use helm::Helm;
pub use help::commands;
pub use html::assert_stands_alone;
/// The registry of tests, for [`register!`].
pub use inventory;
pub use invocation::Invocation;
pub use krew::Krew;
pub use large_shop::{NEWER, large_shop};
pub use mutation::Mutation;
pub use namespace::Namespace;
pub use output::Output;
pub use plugin::plugin_program;
pub use proxy::Proxy;
pub use random::{Pair, random_pair};
pub use redaction::Redaction;
pub use registry::{Registry, USER};
pub use release::Release;
pub use requests::Request;
pub use running::Running;
pub use schemas::{published_schemas, schema_violations};
pub use unleash::{Missing, Unleash};
pub use waiting::wait_for;
