//! The versions of a service, and of this tool.

use super::{assert_text, at, machine};
use crate::{
    domain::version::Order,
    render::{Offer, OfferReport, Running, VersionReport},
};

fn offer(tag: &str, commit: &str, order: Option<Order>, places: &[&str]) -> Offer {
    let running = |place: &&str| Running {
        place: (*place).into(),
        instance: "tax/tax".into(),
        image: format!("shop/tax:{tag}"),
    };
    Offer {
        tag: tag.into(),
        version: Some(tag.into()),
        commit: (!commit.is_empty()).then(|| commit.repeat(40)),
        digest: None,
        order,
        running: places.iter().map(running).collect(),
    }
}

#[test]
fn newest_first_with_who_runs_what() {
    let report = OfferReport {
        service: "tax".into(),
        repository: "registry.example:5000/shop/tax".into(),
        offers: vec![
            offer("1.5.0", "a", Some(Order::Newer), &[]),
            offer("1.4.0", "b", Some(Order::Same), &["stage:qa", "live:kind-dev/shop"]),
            offer("1.3.9", "", Some(Order::Older), &["stage:prod"]),
        ],
        omitted: 12,
        elsewhere: vec![Running {
            place: "stage:old".into(),
            instance: "tax/tax".into(),
            image: format!("mirror.example/tax:{}", "c".repeat(40)),
        }],
    };
    assert_text(
        &at(80, &report),
        "
tax  registry.example:5000/shop/tax

TAG    VERSION  COMMIT        ORDER  RUNS IN
1.5.0  1.5.0    aaaaaaaaaaaa  newer
1.4.0  1.4.0    bbbbbbbbbbbb  same  stage:qa (tax/tax), live:kind-dev/shop (tax…
1.3.9  1.3.9    <none>        older  stage:prod (tax/tax)

… and 12 older ones

RUNNING ELSEWHERE
stage:old  tax/tax  mirror.example/tax:cccccccccccc
",
    );
    assert_text(&machine("jsonpath={.offers[?(@.running)].tag}", &report), "1.4.0 1.3.9");
}

#[test]
fn the_tool_says_what_it_is() {
    let platform = "linux/x86_64".to_owned();
    let report = VersionReport {
        version: "0.1.0",
        commit: Some("3f2a91c"),
        platform,
        ..VersionReport::current()
    };
    assert_text(
        &at(80, &report),
        "
Version    0.1.0
Commit     3f2a91c
Platform   linux/x86_64
Documents  kubectl-snapshot.dev/v1alpha1
",
    );
}
