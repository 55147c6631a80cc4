//! Undoing runs that have not come to their end, and what is shown of it.

use snapshot_core::{
    outcome::{Interruption, RolloutState, WayBackOutcome},
    parts::PartNamespaces,
    plan::Plans,
};

use super::{confirm::confirm, deploying::DeployArgs, exit::Exit, session::Session};
use crate::{
    app::{
        Failure,
        deploy::{UndoRequest, Undone, UndonePart, undo},
    },
    render::{Format, PartsPlan, UndoPart, UndoReport, UndoneRun},
};

/// Undoes one run after the other, the newest first: shows what will be written, asks, writes,
/// waits and looks again.
pub async fn run(
    args: &DeployArgs,
    places: Option<PartNamespaces>,
    session: &Session,
) -> Result<Exit, Failure> {
    let screen = Screen { session, format: &args.output.format, dry_run: args.dry_run.is_some() };
    let mut report = UndoReport::default();
    loop {
        let request = UndoRequest {
            places: places.clone(),
            field_manager: args.field_manager.clone(),
            dry_run: screen.dry_run,
            timeout: args.timeout,
        };
        let show = |plans: &Plans, older| screen.plans(plans, older);
        let confirmed = async |plans: &Plans| {
            if args.yes { Ok(true) } else { confirm(plans, session).await }
        };
        let Some(undone) = undo(&session.app, request, show, confirmed).await? else {
            return Ok(Exit::Done);
        };
        let exit = Exit::from(&undone);
        let goes_on = undone.is_seen && undone.older > 0;
        let is_interrupted = undone.interruption.is_some();
        screen.run(UndoneRun::from(undone), is_interrupted, &mut report)?;
        if goes_on {
            screen.blank()?;
            continue;
        }
        screen.end(exit, &report)?;
        return Ok(exit);
    }
}

/// The output of an undoing: people read of each run as it goes, machines get one document.
struct Screen<'a> {
    session: &'a Session,
    format: &'a Format,
    dry_run: bool,
}

impl Screen<'_> {
    fn has_people(&self) -> bool {
        matches!(self.format, Format::Table | Format::Wide)
    }

    fn plans(&self, plans: &Plans, older: usize) -> Result<(), Failure> {
        if self.has_people() || self.dry_run {
            match plans.one() {
                Some(plan) => self.session.show(plan, self.format)?,
                None => self.session.show(&PartsPlan::from(plans.clone()), self.format)?,
            }
        }
        if older > 0 {
            let runs = if older == 1 { "1 older run is" } else { "older runs are" };
            let number = if older == 1 { String::new() } else { format!("{older} ") };
            self.session.ui.status(&format!("{number}{runs} left half done, and undone after it"));
        }
        Ok(())
    }

    /// Shows what became of a run, and adds it to the whole.
    fn run(
        &self,
        run: UndoneRun,
        is_interrupted: bool,
        whole: &mut UndoReport,
    ) -> Result<(), Failure> {
        whole.is_interrupted = is_interrupted;
        if !self.has_people() {
            whole.runs.push(run);
            return Ok(());
        }
        let report = UndoReport { runs: vec![run], is_interrupted };
        self.blank()?;
        self.session.show(&report, self.format)
    }

    /// A blank line, where people read.
    fn blank(&self) -> Result<(), Failure> {
        if self.has_people() {
            self.session.print(|out| Ok(writeln!(out)?))?;
        }
        Ok(())
    }

    fn end(&self, exit: Exit, report: &UndoReport) -> Result<(), Failure> {
        if !self.has_people() {
            self.session.show(report, self.format)?;
        }
        if exit == Exit::Conflict {
            self.session.ui.hint(
                "what somebody else has written stays; bring the snapshot that is to run there with \
                 apply or promote, which ends this, or write back by hand what is left and undo once \
                 more",
            );
        }
        Ok(())
    }
}

/// The shell's view of an undoing.
impl From<&Undone> for Exit {
    fn from(undone: &Undone) -> Self {
        if undone.is_seen {
            return Self::Done;
        }
        match undone.interruption {
            Some(Interruption::Signal) => return Self::Interrupted,
            Some(Interruption::LeaseLost { .. }) => return Self::Conflict,
            None => {}
        }
        let ways = || undone.parts.iter().map(|one| &one.way_back);
        let left: Vec<_> = ways().flat_map(WayBackOutcome::left_objects).collect();
        let mut rollouts = ways().flat_map(|way| &way.rollouts);
        let has_timed_out = rollouts.any(|one| matches!(one.state, RolloutState::TimedOut { .. }));
        match () {
            () if left.iter().any(|one| one.is_another) => Self::Conflict,
            () if !left.is_empty() => Self::Failed,
            () if has_timed_out => Self::TimedOut,
            () if !ways().all(WayBackOutcome::is_through) => Self::Failed,
            () => Self::Unverified,
        }
    }
}

impl From<Undone> for UndoneRun {
    fn from(undone: Undone) -> Self {
        let part = |UndonePart { part, target, way_back }| UndoPart { part, target, way_back };
        let parts = undone.parts.into_iter().map(part).collect();
        Self { run: undone.run, parts, is_undone: undone.is_seen }
    }
}
