//! Which versions of a service there are, and who runs which.

use serde::Serialize;

use super::{diff::order_word, images::shortened};
use crate::{
    domain::version::Order,
    render::{Cell, Column, Line, Page, Report, Row, Table, Tone, page::Fit},
};

/// What a registry and a git repository offer of a service, newest first.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferReport {
    /// The service's name.
    pub service: String,
    /// The repository that was asked.
    pub repository: String,
    /// The versions it has, newest first.
    pub offers: Vec<Offer>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: usize,
    /// What runs of it, and is not among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Running>,
}

/// A version that can be had.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The image's tag.
    pub tag: String,
    /// Its semantic version, where one could be recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The git commit it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The image's digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Where it stands relative to what runs at the place that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Who runs it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub running: Vec<Running>,
}

/// Who runs a version.
#[derive(Clone, Debug, Serialize)]
pub struct Running {
    /// Where: a stage, or `CONTEXT/NAMESPACE`.
    pub place: String,
    /// `service/instance`.
    pub instance: String,
    /// The image as it is written there.
    pub image: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Report for OfferReport {
    const KIND: &'static str = "OfferReport";

    fn page(&self, page: &mut Page) {
        page.title(
            Line::default()
                .with(Tone::Strong, self.service.clone())
                .plain(format!("  {}", self.repository)),
        );
        if self.offers.is_empty() {
            page.line("It offers no version.");
        } else {
            page.table(self.table());
        }
        if self.omitted > 0 {
            page.line(
                Line::default().with(Tone::Quiet, format!("… and {} older ones", self.omitted)),
            );
        }
        page.section("running elsewhere", elsewhere(&self.elsewhere));
    }

    /// The images, as `compose --set` takes them.
    fn names(&self) -> Vec<String> {
        self.offers.iter().map(|offer| format!("{}:{}", self.repository, offer.tag)).collect()
    }
}

impl OfferReport {
    fn table(&self) -> Table {
        let mut table = Table::new([
            Column::new("TAG", Fit::Middle),
            Column::new("VERSION", Fit::Middle),
            Column::new("COMMIT", Fit::Whole),
            Column::new("DIGEST", Fit::Whole).wide(),
            Column::new("ORDER", Fit::Whole),
            Column::new("RUNS IN", Fit::End),
        ]);
        table.extend(self.offers.iter().map(row));
        table
    }
}

fn row(offer: &Offer) -> Row {
    let short = |text: &Option<String>| Cell::or_none(text.as_deref().map(shortened).as_deref());
    let order = match offer.order {
        None => Cell::from(""),
        Some(order) => Cell::toned(order.into(), order_word(order)),
    };
    let running: Vec<String> =
        offer.running.iter().map(|one| format!("{} ({})", one.place, one.instance)).collect();
    Row::new([
        shortened(&offer.tag).into(),
        Cell::or_none(offer.version.as_deref()),
        short(&offer.commit),
        short(&offer.digest),
        order,
        running.join(", ").into(),
    ])
}

fn elsewhere(running: &[Running]) -> Table {
    let mut table = Table::headless([
        Column::new("PLACE", Fit::Middle),
        Column::new("INSTANCE", Fit::Middle),
        Column::new("IMAGE", Fit::Middle),
    ]);
    for one in running {
        table.row([
            one.place.clone().into(),
            one.instance.clone().into(),
            shortened(&one.image).into(),
        ]);
    }
    table
}
