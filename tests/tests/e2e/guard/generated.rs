//! Parts of every kind that are nearly right, made by a generator: what the guard lets in stops
//! nobody else.
//!
//! A failure names the number of the part; `KUBECTL_SNAPSHOT_TEST_PARTS=1000-1999` tries others.

use std::{
    collections::BTreeMap,
    env,
    hash::{DefaultHasher, Hash, Hasher},
    ops::RangeInclusive,
};

use end_to_end::{Output, test};
use serde_json::{Value, json};

use super::{PART, Shop};

/// Numbers that follow from a part's number.
struct Drawn {
    number: u64,
    asked: u64,
}

impl Drawn {
    fn below(&mut self, limit: usize) -> usize {
        self.asked += 1;
        let mut hasher = DefaultHasher::new();
        (self.number, self.asked).hash(&mut hasher);
        usize::try_from(hasher.finish() % limit.max(1) as u64).expect("it is below a usize")
    }

    fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A member of an object as its text, changed a little or wholly.
fn damaged(text: &str, drawn: &mut Drawn) -> String {
    let cut = |at: usize| text.chars().take(at).collect::<String>();
    let length = text.chars().count();
    match drawn.below(9) {
        0 => String::new(),
        1 => cut(length / 2),
        2 => format!("{text}{text}"),
        3 => "99999999999999999999".to_owned(),
        4 => "null".to_owned(),
        5 => text.replace(char::is_numeric, "7"),
        6 => text.replacen("\":", "\u{e4}\":", 1),
        7 => text.replacen('{', "{\"more\":1,", 1),
        _ => {
            let at = drawn.below(length);
            text.chars().enumerate().map(|(n, c)| if n == at { 'x' } else { c }).collect()
        }
    }
}

/// One of the parts that are there, under a name of its own, with something that is wrong.
fn nearly_right(there: &[Value], user: &str, drawn: &mut Drawn) -> Value {
    let mut part = drawn.one_of(there).clone();
    let name = part["metadata"]["name"].as_str().expect("it has a name").to_owned();
    let (front, last) = name.rsplit_once('.').unwrap_or(("", &name));
    let last = match last.parse::<u64>() {
        // The next record, one that is there, or one far off.
        Ok(number) => format!("{:06}", number + *drawn.one_of(&[0_u64, 1, 1, 1, 2, 900_000])),
        Err(_) if last.len() > 12 => {
            let digits =
                format!("{:016x}", (u64::MAX / 3) ^ drawn.number.wrapping_mul(0x9e37_79b9));
            digits.chars().cycle().take(last.len()).collect()
        }
        Err(_) => format!("{last}-{}", drawn.number),
    };
    let name = if front.is_empty() { last.clone() } else { format!("{front}.{last}") };
    let metadata = &part["metadata"];
    let kept = json!({
        "name": name, "labels": metadata["labels"], "annotations": metadata["annotations"],
    });
    part["metadata"] = kept;
    // Most in their own name, or the guard would look no further.
    for member in ["actor", "by"] {
        let text = part["data"][member].as_str().map(str::to_owned);
        if let Some(text) = text {
            let whole = part["data"]
                .to_string()
                .replace(&format!("\\\"{text}\\\""), &format!("\\\"{user}\\\""));
            part["data"] = serde_json::from_str(&whole).expect("it was JSON");
            part["data"][member] = user.into();
        }
    }
    if part["data"]["number"].is_string() {
        part["data"]["number"] = last.trim_start_matches('0').into();
    }
    for _ in 0..*drawn.one_of(&[0, 1, 1, 1, 2]) {
        let holder = *drawn.one_of(&[
            "/data",
            "/data",
            "/binaryData",
            "/metadata/labels",
            "/metadata/annotations",
        ]);
        let Some(Value::Object(members)) = part.pointer_mut(holder) else { continue };
        let names: Vec<String> = members.keys().cloned().collect();
        if names.is_empty() {
            continue;
        }
        let name = drawn.one_of(&names).clone();
        if drawn.below(4) == 0 {
            members.remove(&name);
        } else if let Some(Value::String(text)) = members.get_mut(&name) {
            *text = damaged(text, drawn);
        }
    }
    if drawn.below(10) == 0 {
        part["immutable"] = (part["immutable"] != true).into();
    }
    part
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are for whoever asks for more parts")]
fn what_the_guard_lets_in_stops_nobody_else() {
    let shop = Shop::guarded();
    shop.fill();
    let run = |line: &str| shop.place.plugin(line.split_whitespace());
    run("evidence add rel-42 --name e2e --passed").succeeds();
    run("variables set qa DB_HOST=orders-db.qa").succeeds();
    let label = format!("get configmaps -l {PART} -o json");
    let there = shop.kubectl("admin", &label).json()["items"].as_array().expect("a list").clone();
    let kinds: Vec<&str> =
        there.iter().filter_map(|part| part["metadata"]["labels"][PART].as_str()).collect();
    for kind in ["snapshot", "chunk", "stages", "variables", "records", "chains", "evidence"] {
        assert!(kinds.contains(&kind), "{kind} is among {kinds:?}");
    }

    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut let_in = Vec::new();
    for number in numbers() {
        let mut drawn = Drawn { number, asked: 0 };
        let user = *drawn.one_of(&["developer", "promoter"]);
        let part = nearly_right(&there, user, &mut drawn);
        let created = shop.create(user, &part);
        let kind = part["metadata"]["labels"][PART].as_str().unwrap_or("none").to_owned();
        *counts.entry((kind, created.exit == 0)).or_default() += 1;
        if created.exit == 0 {
            let_in.push(format!("{number}: {}", part["metadata"]["name"]));
        }
    }
    println!("kind of part, let in or not: {counts:?}");
    assert!(!let_in.is_empty() && let_in.len() < numbers().count(), "{counts:?}");

    // Everybody else goes on, with the set and the stage that somebody wrote about as well.
    let works = |line: &str, codes: &[i32]| -> Output {
        let output = run(line).run();
        assert!(codes.contains(&output.exit), "let in: {let_in:#?}\n{}", output.transcript());
        output
    };
    works("list", &[0]);
    works("describe rel-42", &[0]);
    works("diff rel-42 live", &[0]);
    works("capture rel-43", &[0]);
    works("evidence add rel-43 --name e2e --passed", &[0]);
    works("evidence list rel-42", &[0]);
    works("variables list", &[0]);
    works("stage list", &[0]);
    works("policy list", &[0]);
    works("gc --grace 0s", &[0]);
    works("check rel-42", &[0]);
    works("apply rel-42 --yes --wait=false", &[0, 4]);
    works("promote rel-42 --to prod --yes", &[0]);
    // The stage that records were written about is undecided at most, and there is a way back.
    works("promote rel-42 --to qa --yes", &[0, 4]);
    works("rollback qa --to rel-42 --yes --override --reason seen", &[0]);
    works("promote rel-42 --to qa --yes", &[0]);
    works("gc --broken", &[0]);
    works("promote rel-43 --to qa --yes", &[0]);
    works("doctor", &[0, 1]);
}

fn numbers() -> RangeInclusive<u64> {
    let Ok(range) = env::var("KUBECTL_SNAPSHOT_TEST_PARTS") else { return 1..=60 };
    let ends =
        range.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = ends.expect("a range of numbers, as in 1000-1999");
    from..=to
}
