//! Switching a flag where it is defined.

use super::{ComposeError, Draft, error::alike};
use crate::{
    flag::Flag,
    flags::{self, SwitchError},
    snapshot::Spec,
};

impl Draft {
    /// Switches a flag: to a variant by its name or value, or `on` and `off`, wherever the set's
    /// objects define it.
    pub fn switch(&mut self, name: &str, wanted: &str) -> Result<(), ComposeError> {
        let spec = self.assemble()?.spec;
        let Some(flag) = spec.flags.get(name) else {
            let (flag, label) = (name.to_owned(), self.set.label.clone());
            let reasons: Vec<&str> = spec.unreadable_flags().map(|(_, reason)| reason).collect();
            return Err(if reasons.is_empty() {
                ComposeError::NoFlag { flag, label, known: alike(name, spec.flags.keys()) }
            } else {
                ComposeError::UnseenFlag { flag, label, reasons: reasons.join("; ") }
            });
        };
        if self.set.of_files.contains(name) {
            let flag = flags::switched(name, flag, wanted)?;
            // What serves it serves nothing else that would contradict.
            if !flags::is_served(&flag) {
                self.switched.insert(name.to_owned(), vec![flag.value.clone()]);
            }
            self.set.flags.insert(name.to_owned(), flag);
            return Ok(());
        }
        let done = flags::switch(&spec, &mut self.set.members.objects, name, wanted)?;
        if flag.targeting.is_some() {
            self.warnings.push(format!(
                "flag {name} keeps its targeting rules, which may serve some callers something else"
            ));
        }
        self.warnings.extend(done.warnings);
        self.switched.insert(name.to_owned(), done.values);
        Ok(())
    }

    /// Refuses a set whose switched flags do not serve what they were switched to.
    pub(super) fn refuse_contradicted(&self, spec: &Spec) -> Result<(), ComposeError> {
        for (name, values) in &self.switched {
            let serves = |flag: &Flag| flag.enabled && values.contains(&flag.value);
            let flag = spec.flags.get(name);
            if !flag.is_some_and(serves) {
                let origin = flag.map(|flag| flag.source.clone()).unwrap_or_default();
                return Err(SwitchError::Contradicted { flag: name.clone(), origin }.into());
            }
        }
        Ok(())
    }
}
