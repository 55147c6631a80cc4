//! Under the guard.

use end_to_end::{fixture, test};

use super::{all_load, chunks};
use crate::{
    guard::Shop,
    shop::{DEV, PROD},
};

#[test]
fn it_takes_the_right_to_delete_every_snapshot() {
    let shop = Shop::guarded();
    let plugin = |user: &str, line: &str| shop.place.plugin(line.split_whitespace()).as_user(user);
    plugin("developer", "capture rel-41 --from -").stdin(fixture(PROD)).succeeds();
    plugin("developer", "capture rel-42 --from -").stdin(fixture(DEV)).succeeds();
    shop.bind("nobody", "snapshot-administrator");
    plugin("nobody", "delete rel-42").succeeds();
    let all = chunks(&shop.place);
    let refused = plugin("developer", "gc --grace 0s").exits(1);
    let (chunk, rest) = refused.stderr.split_once(" is forbidden").expect("it is forbidden");
    assert!(chunk.contains("chunk."), "{chunk}");
    insta::assert_snapshot!("guarded", shop.place.cluster().redaction().apply(rest));
    assert_eq!(chunks(&shop.place), all);
    // The right for one name is not enough.
    shop.grant("developer", "delete", "snapshots", "rel-42");
    plugin("developer", "gc --grace 0s").exits(1);
    plugin("nobody", "gc --grace 0s").succeeds();
    assert!(chunks(&shop.place).len() < all.len());
    all_load(&shop.place);
}
