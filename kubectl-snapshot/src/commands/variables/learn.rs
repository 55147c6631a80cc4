//! `variables learn`: propose variable sets from two places that run the same.

use std::{borrow::Cow, collections::BTreeMap};

use clap::Args;
use snapshot_core::{
    flags::flag_variables,
    learn::{self, PartNames},
    name::SetName,
    parts::{Document, PartName},
    reference::Reference,
    snapshot::Metadata,
    visible,
};

use crate::{
    app::{
        Failure,
        read::{ReadOptions, variable_sets},
        resolve::resolve_one,
        resolved::{ResolvedDocument, Sides},
    },
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::{Format, Proposal},
    store::{Overwrite, Store, VariableSet},
};

/// Propose variable sets from what differs between two places that run the same
///
/// Compared are literal environment values in the same container of the same
/// instance, and labels and annotations of the same object (label:env); flags,
/// Secrets and references are not. Of several namespaces, parts of one name are. What has several values in one place cannot
/// be one variable, and is listed apart. What the sets hold already is left out.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Which values belong to dev and to prod?
  kubectl snapshot variables learn live:dev live:prod

  # Of several namespaces each, which two stages have
  kubectl snapshot variables learn live:shop-dev,pay-dev live:shop-prod,pay-prod

  # Store them as the sets dev and production
  kubectl snapshot variables learn live:dev live:shop --names dev,production --write")]
pub(super) struct LearnArgs {
    /// The first: a stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "A", add = complete::reference())]
    from: Reference,
    /// The second
    #[arg(value_name = "B", add = complete::reference())]
    to: Reference,
    /// What to call the two sets [default: as the namespaces, else a,b]
    #[arg(long, value_name = "SET,SET", value_parser = names)]
    names: Option<Names>,
    /// Store the sets
    #[arg(long)]
    write: bool,
    /// Replace values that the sets have already
    #[arg(long, requires = "write")]
    force: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Names of the two sets.
type Names = [SetName; 2];

fn names(text: &str) -> Result<Names, String> {
    let (one, other) = text.split_once(',').ok_or("expected two names, such as dev,prod")?;
    let name = |text: &str| text.trim().parse::<SetName>().map_err(|error| error.to_string());
    match [name(one)?, name(other)?] {
        [one, other] if one == other => Err("expected two different names".to_owned()),
        names => Ok(names),
    }
}

/// Proposes the sets, and writes them if that is asked for.
pub(super) async fn run(args: LearnArgs, session: &Session) -> Result<Exit, Failure> {
    if args.from == Reference::Stdin && args.to == Reference::Stdin {
        return Err(Failure::usage("both sides are standard input, which can be read only once"));
    }
    let sides = [&args.from, &args.to];
    let only_files =
        sides.iter().all(|one| one.is_file()) && !session.app.connections.store_is_directory();
    let store =
        if only_files && !args.write { None } else { Some(session.app.connections.store().await?) };
    // Without variables: what a set holds already is compared with what runs.
    let reading = ReadOptions::default();
    let from = resolve_one(&session.app, &args.from, &reading, store.as_ref()).await?;
    let to = resolve_one(&session.app, &args.to, &reading, store.as_ref()).await?;
    let sides = both([from, to])?;
    let sets = match args.names {
        Some(names) => names,
        None => default_names(&sides)?,
    };
    let specs = sides
        .each_ref()
        .map(|side| -> Vec<_> { side.sets().map(|(part, set)| (part, &set.spec)).collect() });
    let all = specs.iter().flatten();
    let flags = all.flat_map(|(_, spec)| flag_variables(spec)).collect();
    let names = [sets[0].as_ref(), sets[1].as_ref()];
    let mut learned =
        learn::learn(names, &specs[0], &specs[1], &flags).with_namespaces(&namespaces(&sides));
    let known = match &store {
        Some(store) => variable_sets(&session.app, store).await?,
        None => Vec::new(),
    };
    let value = |set: &SetName, name: &str| {
        known.iter().find(|known| known.name == *set)?.values.get(name).cloned()
    };
    learned.variables.retain(|one| {
        value(&sets[0], &one.name).as_ref() != Some(&one.before)
            || value(&sets[1], &one.name).as_ref() != Some(&one.after)
    });
    let nothing = learned.variables.is_empty();
    let mut proposal = Proposal { sets: sets.clone().map(String::from), learned, written: false };
    if let (Some(store), true, false) = (&store, args.write, nothing) {
        let overwrite = if args.force { Overwrite::Force } else { Overwrite::Never };
        write(store, &known, &sets, &proposal.values(), overwrite).await?;
        proposal.written = true;
    }
    if nothing && args.output.format == Format::Table {
        session.ui.status(
            "nothing to learn: every value that differs is in these sets already, or cannot be a variable",
        );
        if proposal.learned.apart.is_empty() {
            return Ok(Exit::Done);
        }
    }
    session.show(&proposal, &args.output.format)?;
    if args.output.format == Format::Table && !nothing {
        say(&proposal, session)?;
    }
    Ok(Exit::Done)
}

/// Both sides as they were read: of one namespace each, or in parts.
fn both(found: [ResolvedDocument; 2]) -> Result<[Document; 2], Failure> {
    Ok(match Sides::of(found)? {
        Sides::One(sides) => (*sides).map(|one| Document::One(one.snapshot)),
        Sides::Parts(sides) => (*sides).map(|one| Document::Several(one.snapshot)),
    })
}

/// The namespace that a set was read from, where that is known.
fn namespace_of(metadata: &Metadata) -> Option<&str> {
    Some(metadata.source.as_deref()?.strip_prefix("live:")?.rsplit_once('/')?.1)
}

/// The namespaces of the parts that both sides have.
fn namespaces([from, to]: &[Document; 2]) -> PartNames {
    let of = |side: &Document| -> BTreeMap<PartName, String> {
        let named = side.sets().filter_map(|(part, set)| {
            Some((part?.clone(), namespace_of(&set.metadata)?.to_owned()))
        });
        named.collect()
    };
    let mut there = of(to);
    let here = of(from).into_iter();
    here.filter_map(|(part, one)| Some((part.clone(), [one, there.remove(&part)?]))).collect()
}

/// The namespaces that were read, where there are two.
fn default_names([from, to]: &[Document; 2]) -> Result<Names, Failure> {
    let namespace = |found: &Document| namespace_of(found.metadata())?.parse::<SetName>().ok();
    match (namespace(from), namespace(to)) {
        (Some(one), Some(other)) if one != other => Ok([one, other]),
        _ => {
            let name = |text: &str| text.parse::<SetName>().map_err(Failure::of);
            Ok([name("a")?, name("b")?])
        }
    }
}

/// Writes both sets, or neither where one of them has another value already.
async fn write(
    store: &Store,
    known: &[VariableSet],
    sets: &Names,
    values: &[BTreeMap<String, String>; 2],
    overwrite: Overwrite,
) -> Result<(), Failure> {
    if overwrite == Overwrite::Never {
        for (set, values) in sets.iter().zip(values) {
            let known = known.iter().find(|known| known.name == *set);
            known.map_or(Ok(()), |known| known.refuse_others(values))?;
        }
    }
    for (set, values) in sets.iter().zip(values) {
        store.merge_variables(set, values, overwrite).await?;
    }
    Ok(())
}

/// Says what was written, or how to write it.
fn say(proposal: &Proposal, session: &Session) -> Result<(), Failure> {
    let flags = session.store_flags();
    session.print(|out| {
        writeln!(out)?;
        for (set, values) in proposal.sets.iter().zip(proposal.values()) {
            if proposal.written {
                let names: Vec<&str> = values.keys().map(String::as_str).collect();
                writeln!(out, "variables/{set} set: {}", names.join(", "))?;
                continue;
            }
            let typed = |value: &String| !value.contains(visible::is_hidden);
            let values = values.iter().filter(|(_, value)| typed(value));
            let assignments: Vec<String> =
                values.map(|(name, value)| format!("{name}={value}")).collect();
            if assignments.is_empty() {
                continue;
            }
            write!(out, "kubectl snapshot variables set {set}")?;
            for word in assignments.iter().chain(&flags) {
                write!(out, " {}", quoted(word))?;
            }
            writeln!(out)?;
        }
        Ok(())
    })?;
    let hidden = |value: &String| value.contains(visible::is_hidden);
    if !proposal.written && proposal.values().iter().any(|of| of.values().any(hidden)) {
        session.ui.warning(
            "values of several lines, or with characters that cannot be seen, are not in these commands; --write stores them too",
        );
    }
    Ok(())
}

/// A word as one types it into a shell.
fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them() {
        assert_eq!(quoted("DB_HOST=orders-db.dev"), "DB_HOST=orders-db.dev");
        assert_eq!(quoted("A=b c"), "'A=b c'");
        assert_eq!(quoted("A=$(rm -rf ~)'"), r"'A=$(rm -rf ~)'\'''");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn two_sets_have_two_names() {
        assert!(names("dev,prod").is_ok());
        for wrong in ["dev", "dev,dev", "dev,Prod", ",", ""] {
            assert!(names(wrong).is_err(), "{wrong}");
        }
    }
}
