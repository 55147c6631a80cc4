//! Details that policies look up beside a question, in the contract's words: a file for each
//! topic.

mod beside;
mod captures;
mod config_maps;
mod environment;
mod facts;
mod flag_states;
mod images;
mod instances;
mod routes;
mod stages;
#[cfg(test)]
mod tests;

use snapshot_policy_host::records::{Details, Topic};

pub(super) use beside::beside;
pub(super) use captures::captures;

use super::{Facts, Lookup, Place, Wanted};

impl Lookup for Facts<'_> {
    fn add(&self, details: &mut Details, topic: Topic, wanted: &Wanted) {
        add(details, topic, self, wanted);
    }
}

/// Adds the details of a topic that are not there yet, where they are known.
fn add(details: &mut Details, topic: Topic, facts: &Facts<'_>, wanted: &Wanted) {
    let spec = &facts.candidate.spec;
    match topic {
        Topic::Images => {
            details.images.get_or_insert_with(|| images::images(facts));
        }
        Topic::Environment => {
            let values = facts.place.as_ref().map(|place| place.values);
            details.environment.get_or_insert_with(|| environment::environment(spec, values));
        }
        Topic::FlagStates => {
            details.flag_states.get_or_insert_with(|| flag_states::flag_states(spec));
        }
        Topic::Captures => {
            let running = facts.running.map(|(_, running)| &running.metadata);
            details.captures.get_or_insert_with(|| {
                captures(&facts.candidate.metadata, running, facts.captured)
            });
        }
        Topic::ConfigMaps => {
            let names = &wanted.config_maps;
            details.config_maps.get_or_insert_with(|| config_maps::config_maps(spec, names));
        }
        Topic::Instances => {
            details.instances.get_or_insert_with(|| instances::instances(facts));
        }
        Topic::Routes => {
            details.routes.get_or_insert_with(|| routes::routes(facts));
        }
        Topic::Beside => {
            if details.beside.is_none() {
                details.beside = beside(spec, facts.place.as_ref());
            }
        }
        Topic::Stages => {
            if let Some(past) = &facts.past {
                let states = past.stages.iter().map(stages::stage);
                details.stages.get_or_insert_with(|| {
                    let mut all: Vec<_> = states.collect();
                    all.sort_by(|a, b| a.stage.cmp(&b.stage));
                    all
                });
            }
        }
        Topic::Facts => {
            if let Some(past) = &facts.past {
                details
                    .facts
                    .get_or_insert_with(|| past.evidence.iter().map(facts::fact).collect());
            }
        }
    }
}
