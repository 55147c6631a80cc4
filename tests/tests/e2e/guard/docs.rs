//! Commands of docs/guard.md.

use end_to_end::{Folder, test, wait_for};

use super::Shop;

const PAGE: &str = include_str!("../../../../docs/guard.md");

/// The contents of the page's blocks in a language.
fn blocks(language: &str) -> impl Iterator<Item = &'static str> {
    let begin = format!("```{language}\n");
    let ends: Vec<_> = PAGE.split(&begin).skip(1).collect();
    ends.into_iter().map(|rest| rest.split("```").next().unwrap_or_default())
}

/// A text of the page, on the namespaces of this test.
fn here(text: &str, shop: &Shop) -> String {
    let (store, place) = (shop.store(), shop.place.name());
    text.replace("-n kubectl-snapshot", &format!("-n {store}"))
        .replace("namespace: kubectl-snapshot", &format!("namespace: {store}"))
        .replace("namespace kubectl-snapshot", &format!("namespace {store}"))
        .replace(".kubectl-snapshot", &format!(".{store}"))
        .replace(&format!(".{store}.dev"), ".kubectl-snapshot.dev")
        .replace("-n dev", &format!("-n {place}"))
        .replace("-n shop", &format!("-n {place}"))
}

#[test]
fn its_commands_work_in_their_order() {
    let shop = Shop::with_roles();
    let folder = Folder::new(shop.place.cluster());
    let role = blocks("yaml").next().expect("the page has a manifest");
    folder.write("role.yaml", here(role, &shop));
    let commands: Vec<_> = blocks("console")
        .flat_map(str::lines)
        .map(|line| line.strip_prefix("$ ").expect("a command a line"))
        .collect();
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands {
        let command = here(command, &shop);
        // A right that was given, and a guard that was removed, count a moment later.
        wait_for(&command, || {
            let shell = shop.place.cluster().command("sh", ["-c", &command]);
            let shell = shell.env("KUBECTL_SNAPSHOT_STORE", shop.store());
            (shell.current_dir(folder.path()).run().exit == 0).then_some(())
        });
    }
    shop.place.kubectl(["get", "namespace", shop.store()]).exits(1);
}
