//! Inspection of a policy's file, whether it can be run or not.

use std::borrow::Cow;

use serde_json::Value;
use snapshot_core::{
    digest::Digest,
    policy::{About, Inspection, Problem, Settings},
};
use snapshot_policy_host::LoadError;

use super::{Engine, SettingsError, settings, trial::try_out};
use crate::blocking::blocking;

/// Looks inside `bytes`, which may mean to compile them; `source` is what the user calls them.
///
/// It is asked an empty question, at the time `now`, with the settings that it is bound with, if it
/// is.
pub async fn inspect(
    engine: &Engine,
    source: &str,
    bytes: Cow<'static, [u8]>,
    settings: Option<Settings>,
    now: u64,
) -> Inspection {
    let (engine, source) = (engine.clone(), source.to_owned());
    let settings = settings.unwrap_or_default();
    blocking(move || inspect_here(&engine, &source, &bytes, &settings, now)).await
}

fn inspect_here(
    engine: &Engine,
    source: &str,
    bytes: &[u8],
    settings: &Settings,
    now: u64,
) -> Inspection {
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
            inspection.problem = unbindable(source, &policy, settings, now);
        }
        Err(error) => inspection.problem = Some(problem(&error)),
    }
    inspection
}

/// Reason why nobody could bind the policy with these settings; where it requires others, nobody
/// can tell.
fn unbindable(
    source: &str,
    policy: &snapshot_policy_host::Policy,
    settings: &Settings,
    now: u64,
) -> Option<Problem> {
    let schema = policy.describe().settings_schema.as_deref();
    match settings::check(schema, settings) {
        Err(error @ SettingsError::Schema(_)) => Some(Problem {
            message: error.to_string(),
            hint: "have the policy describe its settings by a JSON Schema".to_owned(),
        }),
        Err(SettingsError::NoneTaken | SettingsError::Invalid(_)) => None,
        Ok(()) => {
            let tried = try_out(source, policy, settings, None, now);
            tried.err().map(|no_answer| Problem {
                message: no_answer.to_string(),
                hint: no_answer.hint().to_owned(),
            })
        }
    }
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
