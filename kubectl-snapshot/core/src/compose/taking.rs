//! Taking a whole service from another set.

use std::collections::BTreeSet;

use super::{ComposeError, Draft, Source, source::variables};
use crate::{flag::Flag, flags, manifest::Kind};

impl Draft {
    /// Takes a service from another set, whole: its instances, their objects and configuration,
    /// and the flags that belong to it. What it was in the base goes.
    pub fn take(&mut self, service: &str, from: &Source) -> Result<(), ComposeError> {
        let instances = from.instances(service)?;
        if self.set.services.contains_key(service) {
            self.remove(service)?;
        } else {
            self.warnings.push(format!("service {service} is new: {} has none", self.set.label));
        }
        for (id, manifest) in from.members.of_service(service) {
            let members = &self.set.members;
            let there = members.objects.get(id);
            if let Some(owner) = members.owners(id).next()
                && there != Some(manifest)
            {
                let (kind, name) = id;
                if kind.is_workload() {
                    return Err(ComposeError::OfAnother {
                        service: service.to_owned(),
                        from: from.label.clone(),
                        kind: *kind,
                        name: name.clone(),
                        owner: owner.clone(),
                        label: self.set.label.clone(),
                    });
                }
                let others: Vec<&str> = members.owners(id).map(String::as_str).collect();
                self.warnings.push(format!(
                    "{kind} {name} comes from {} with service {service}, and {} of {} gets it too",
                    from.label,
                    others.join(" and "),
                    self.set.label
                ));
            }
            self.set.members.put(service, id, manifest.clone());
        }
        for id in from.members.absent(service) {
            if self.set.members.objects.contains_key(id) {
                self.warnings.push(format!(
                    "service {service} names {} {}, which {} lacks: it gets that of {}",
                    id.0, id.1, from.label, self.set.label
                ));
            }
        }
        for variable in variables(instances) {
            let values = self.set.values.entry(variable.clone()).or_default();
            let known: BTreeSet<String> = values.drain(..).collect();
            let theirs = from.values.get(variable).into_iter().flatten().cloned();
            values.extend(known.into_iter().chain(theirs).collect::<BTreeSet<_>>());
        }
        self.set.services.insert(service.to_owned(), instances.clone());
        self.taken.insert(service.to_owned());
        for (name, flag) in &from.flags {
            if flag.service.as_deref() == Some(service) {
                self.take_flag(name, flag, from);
            }
        }
        self.note_brought(service, from);
        Ok(())
    }

    /// Notes the flags of other services whose definitions stand in objects that were taken.
    fn note_brought(&mut self, service: &str, from: &Source) {
        let taken: BTreeSet<_> = from.members.of_service(service).map(|(id, _)| id).collect();
        let brought = from.flags.iter().filter_map(|(name, flag)| {
            let owner = flag.service.as_ref().filter(|owner| *owner != service)?;
            let (kind, object) = flags::holder_of(flag).filter(|id| taken.contains(id))?;
            let is_other = self.set.flags.get(name).is_some_and(|own| own != flag);
            is_other.then(|| {
                let (from, label) = (&from.label, &self.set.label);
                let warning = format!(
                    "flag {name} of service {owner} comes from {from} too: {kind} {object} defines \
                     it, which service {service} brings; it differs in {label}"
                );
                (owner.clone(), warning)
            })
        });
        let brought: Vec<_> = brought.collect();
        self.brought.extend(brought);
    }

    /// Takes a flag that belongs to a service along, where its definition is not the service's own.
    fn take_flag(&mut self, name: &str, flag: &Flag, from: &Source) {
        if from.of_files.contains(name) {
            self.set.flags.insert(name.to_owned(), flag.clone());
            self.set.of_files.insert(name.to_owned());
            return;
        }
        // Of an environment variable the workload is the definition.
        let Some(id) = flags::holder_of(flag) else { return };
        let theirs = from.members.objects.get(&id);
        let (Some(theirs), Some(own)) = (theirs, self.set.members.objects.get(&id)) else {
            self.warnings.push(format!(
                "flag {name} was not taken along: {} {} of {} defines it, and {} has no such object",
                id.0, id.1, from.label, self.set.label
            ));
            return;
        };
        match flags::with_definition(name, flag, theirs, own) {
            Ok(Some(changed)) => {
                self.set.members.objects.insert(id, changed);
            }
            Ok(None) => {}
            Err(error) => self.warnings.push(format!(
                "flag {name} was not taken along from {}: {} {}: {error}",
                from.label,
                Kind::name(id.0),
                id.1
            )),
        }
    }
}
