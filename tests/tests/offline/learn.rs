//! Variable sets, told from two files.

use end_to_end::{TestEnvironment, fixture, test};

/// cart and tax as they run at a place, with its flag on or off.
fn shop(place: &str, is_on: bool) -> String {
    fixture("places.yaml").replace("PLACE", place).replace("IS_ON", &is_on.to_string())
}

#[test]
fn the_commands_that_it_proposes_do_what_they_say() {
    let environment = TestEnvironment::new();
    environment.write("dev.yaml", shop("dev", true));
    environment.write("prod.yaml", shop("prod", true));
    // kubectl finds the plugin by this name, and may be absent here.
    let run = |command: &str| {
        let command = command.replace("kubectl snapshot", "kubectl-snapshot");
        environment.command("sh", ["-c", &command])
    };
    let learn = "variables learn ./dev.yaml ./prod.yaml --store ./store";
    let proposal = environment.plugin(learn.split(' ')).succeeds();
    insta::assert_snapshot!("files", proposal);
    for line in proposal.stdout.lines().filter(|line| line.starts_with("kubectl ")) {
        run(line).succeeds();
    }
    let list = "kubectl snapshot variables list --store ./store -o json";
    let sets = run(list).succeeds().json();
    assert_eq!(sets["items"][0]["name"], "a");
    assert_eq!(sets["items"][1]["values"]["GREETING"], "it's prod");
}

#[test]
fn what_it_cannot_learn_from_is_said() {
    let environment = TestEnvironment::new();
    environment.write("dev.yaml", shop("dev", true));
    let learn = |line: &str| {
        let words = ["variables", "learn"].into_iter().chain(line.split(' '));
        environment.plugin(words)
    };
    insta::assert_snapshot!("same", learn("./dev.yaml ./dev.yaml").succeeds());
    insta::assert_snapshot!("names", learn("./dev.yaml ./dev.yaml --names dev,Prod").exits(2));
    learn("./dev.yaml ./dev.yaml --names dev").exits(2);
    learn("./dev.yaml").exits(2);
    learn("- -").exits(2);
    learn("./dev.yaml ./dev.yaml --force").exits(2);
}
