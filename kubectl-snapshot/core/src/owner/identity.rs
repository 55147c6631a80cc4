//! Identity of an owner: which deployer it is, and which of its releases or applications.

use super::{Deployer, deployer::TABLE, deployer_marks::DeployerMarks};
use crate::manifest::deployer;

/// The owner of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// The deployer.
    pub deployer: Deployer,
    /// The release, application or manager; empty where the deployer has none.
    pub name: String,
}

impl Owner {
    /// The owner of an object with these marks.
    #[must_use]
    pub fn of(marks: &DeployerMarks<'_>) -> Option<Self> {
        let row = |is_asked: fn(Deployer) -> bool| {
            let mut rows = TABLE.iter().filter(move |row| is_asked(row.deployer));
            rows.find_map(|row| Some(Self { deployer: row.deployer, name: (row.is)(marks)? }))
        };
        let tool = || {
            let tool = deployer(marks.names())?;
            Some(Self { deployer: Deployer::Tool(tool), name: tool.to_owned() })
        };
        row(|deployer| deployer < Deployer::Tool(""))
            .or_else(tool)
            .or_else(|| row(|deployer| deployer > Deployer::Tool("")))
    }

    /// The owner, as a sentence begins with it.
    pub(super) fn title(&self) -> String {
        let called = self.deployer.row().called;
        match (called.is_empty(), self.name.is_empty()) {
            (true, _) => self.name.clone(),
            (false, true) => called.to_owned(),
            (false, false) => format!("{called} {}", self.name),
        }
    }
}
