//! Inspection of a policy's file, whether it can be run or not.

use std::borrow::Cow;

use serde_json::Value;
use snapshot_core::{
    digest::Digest,
    policy::{About, Inspection, Problem},
};
use snapshot_policy_host::LoadError;

use super::Engine;
use crate::blocking::blocking;

/// Looks inside `bytes`, which may mean to compile them; `source` is what the user calls them.
pub async fn inspect(engine: &Engine, source: &str, bytes: Cow<'static, [u8]>) -> Inspection {
    let (engine, source) = (engine.clone(), source.to_owned());
    blocking(move || inspect_here(&engine, &source, &bytes)).await
}

fn inspect_here(engine: &Engine, source: &str, bytes: &[u8]) -> Inspection {
    let loaded = engine.get().load(bytes);
    let interfaces = engine.get().interfaces(bytes).unwrap_or_default();
    let mut inspection = Inspection {
        source: source.to_owned(),
        digest: Digest::of(bytes),
        bytes: bytes.len() as u64,
        contract: interfaces.contract,
        about: None,
        settings_schema: None,
        exports: interfaces.exports,
        imports: interfaces.imports,
        problem: None,
    };
    match loaded {
        Ok(policy) => {
            let description = policy.describe();
            inspection.about = Some(about(&policy));
            inspection.settings_schema = description.settings_schema.as_ref().map(|text| {
                serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
            });
        }
        Err(error) => inspection.problem = Some(problem(&error)),
    }
    inspection
}

/// Description that a policy gives of itself, and its decisions by its exports.
pub(super) fn about(policy: &snapshot_policy_host::Policy) -> About {
    let description = policy.describe();
    About {
        name: description.name.clone(),
        version: description.version.clone(),
        summary: description.summary.clone(),
        decisions: policy.decisions().collect(),
    }
}

fn problem(error: &LoadError) -> Problem {
    Problem { message: error.to_string(), hint: error.hint().to_owned() }
}
