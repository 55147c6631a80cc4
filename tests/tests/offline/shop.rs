//! The shop of the story.

use end_to_end::{DEV, PROD, SECRET, fixture, test};

#[test]
fn the_secret_is_in_a_file_of_its_own() {
    assert!(fixture("shop/secret.yaml").contains(SECRET));
    for manifests in [DEV, PROD] {
        assert!(!fixture(manifests).contains(SECRET));
    }
}
