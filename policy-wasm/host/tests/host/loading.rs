//! Refusals of files that are no policy, each with a message that says what the file is.

use crate::fixture::{GUEST, patient};
use snapshot_policy_host::{Host, Limits, LoadError};
use std::time::Duration;

fn refused(bytes: &[u8]) -> LoadError {
    Host::new(patient()).unwrap().load(bytes).unwrap_err()
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A component that exports functions without parameters or results.
fn exporting(interfaces: &[(&str, &str)]) -> String {
    let exports: Vec<String> = interfaces
        .iter()
        .map(|(interface, function)| {
            format!(
                r#"(instance $"{interface}" (export "{function}" (func $nothing)))
                   (export "{interface}" (instance $"{interface}"))"#
            )
        })
        .collect();
    format!(
        r#"(core module $m (func (export "f")))
           (core instance $i (instantiate $m))
           (func $nothing (canon lift (core func $i "f")))
           {}"#,
        exports.concat()
    )
}

const POLICY: [(&str, &str); 2] =
    [("snapshot:policy/about@0.1.0", "describe"), ("snapshot:policy/compatibility@0.1.0", "check")];

fn component(parts: &str) -> Vec<u8> {
    wat(&format!("(component {parts})"))
}

#[test]
fn what_is_not_webassembly() {
    assert_eq!(refused(b"").to_string(), "it is not WebAssembly but an empty file");
    let error = refused(b"(component)");
    assert_eq!(error.to_string(), "it is not WebAssembly but WebAssembly text");
    assert_eq!(error.hint(), "assemble it first: wasm-tools parse policy.wat -o policy.wasm");
}

#[test]
fn a_core_module() {
    let error = refused(&wat("(module)"));
    assert_eq!(error.to_string(), "it is a core WebAssembly module, not a component");
    assert!(error.hint().starts_with("in Rust, build with --target wasm32-wasip2"));
}

#[test]
fn a_file_that_is_too_large() {
    let host = Host::new(Limits { component: 7, ..patient() }).unwrap();
    assert_eq!(
        host.load(b"(component)").unwrap_err().to_string(),
        "it has 11 bytes; at most 7 are loaded"
    );
}

#[test]
fn a_file_that_breaks_off() {
    let error = refused(&GUEST[..GUEST.len() / 2]);
    assert!(error.to_string().starts_with("it is damaged: "), "{error}");
    assert_eq!(error.hint(), "fetch or build it again");
}

#[test]
fn a_file_with_other_bytes_in_it() {
    let mut bytes = GUEST.clone();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    let error = refused(&bytes);
    assert!(error.to_string().starts_with("it is damaged: "), "{error}");
}

#[test]
fn a_component_for_something_else() {
    assert_eq!(
        refused(&component(&exporting(&[("wasi:cli/run@0.2.0", "run")]))).to_string(),
        "it is a component, but not a policy: it exports wasi:cli/run@0.2.0"
    );
    assert_eq!(
        refused(&component("")).to_string(),
        "it is a component, but not a policy: it exports nothing"
    );
}

#[test]
fn a_policy_of_another_contract() {
    let newer = [
        ("snapshot:policy/about@0.2.0", "describe"),
        ("snapshot:policy/compatibility@0.2.0", "check"),
    ];
    let error = refused(&component(&exporting(&newer)));
    assert_eq!(error.to_string(), "it speaks contract 0.2, this plugin speaks 0.1");
    assert_eq!(
        error.hint(),
        "take the policy's release for this contract, or the plugin's for that one"
    );
}

#[test]
fn half_a_policy() {
    assert_eq!(
        refused(&component(&exporting(&POLICY[..1]))).to_string(),
        "it decides nothing: it exports neither `compatibility` nor `promotion`"
    );
    assert_eq!(
        refused(&component(&exporting(&POLICY[1..]))).to_string(),
        "it does not say what it is: it lacks the export `about`"
    );
}

#[test]
fn a_policy_with_other_types() {
    let error = refused(&component(&exporting(&POLICY)));
    assert!(error.to_string().starts_with("its types are not the contract's: about: "), "{error}");
}

#[test]
fn a_policy_that_takes_all_before_it_is_asked() {
    let exports = exporting(&POLICY);
    let greedy = |parts: &str| {
        let module = format!(r#"(core module $m {parts} (func (export "f")))"#);
        let limits = Limits { time: Duration::from_millis(200), ..Limits::default() };
        let bytes = component(&exports.replace(r#"(core module $m (func (export "f")))"#, &module));
        Host::new(limits).unwrap().load(&bytes).unwrap_err().to_string()
    };
    assert_eq!(
        greedy("(func $spin (loop br 0)) (start $spin)"),
        "it could not say what it is: the policy ran longer than 0.2 s and was stopped"
    );
    assert_eq!(
        greedy("(memory 4097)"),
        "it could not say what it is: the policy asked for more than 256 MiB of memory and was \
         stopped"
    );
    assert_eq!(
        greedy("(memory 2049) (memory 2049)"),
        "it could not say what it is: the policy asked for more than 256 MiB of memory and was \
         stopped"
    );
}

#[test]
fn a_policy_that_wants_the_network() {
    let imports = r#"
        (import "wasi:http/outgoing-handler@0.2.0" (instance))
        (import "wasi:cli/environment@0.3.0" (instance))
        (import "wasi:clocks/wall-clock@0.2.6" (instance))
        (import "snapshot:policy/types@0.1.0" (instance))"#;
    let error = refused(&component(&format!("{imports} {}", exporting(&POLICY))));
    assert_eq!(
        error.to_string(),
        "it imports what policies are not given: wasi:http/outgoing-handler@0.2.0, \
         wasi:cli/environment@0.3.0"
    );
    assert!(error.hint().starts_with("a policy is a pure function"));
}

#[test]
fn a_policy_with_imports_that_only_sound_right() {
    let imports = r#"(import "wasi:cli/exit@0.2.0" (instance (export "leave" (func))))"#;
    let error = refused(&component(&format!("{imports} {}", exporting(&POLICY))));
    assert!(
        error.to_string().starts_with("its imports are not those of WASI 0.2: component imports"),
        "{error}"
    );
    assert!(error.to_string().contains("`wasi:cli/exit@0.2.0`"), "{error}");
}

#[test]
fn a_policy_is_known_by_its_bytes() {
    let host = Host::new(patient()).unwrap();
    let policy = host.load(&GUEST).unwrap();
    assert_eq!(policy.digest(), snapshot_core::digest::Digest::of(&GUEST));
    assert_eq!(host.load(&GUEST).unwrap().digest(), policy.digest());
}
