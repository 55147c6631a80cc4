//! Pairs of commits on standard input, related by `gix`'s merge base, one after the other.
//!
//! `merge-base REPOSITORY < PAIRS`: a line for each pair, two ids; prints how many are newer, older
//! and diverged. One graph of revisions serves all of them, which is the fastest that it can do.

use std::{
    error::Error,
    io::{self, BufRead as _},
};

use gix::ObjectId;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("merge-base: name a repository")?;
    let mut repository = gix::open(path)?;
    repository.object_cache_size_if_unset(16 << 20);
    let commit_graph = repository.commit_graph_if_enabled()?;
    let mut graph = repository.revision_graph(commit_graph.as_ref());
    let [mut newer, mut older, mut diverged] = [0_u32; 3];
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (one, other) = line.split_once(' ').ok_or("merge-base: a line has two ids")?;
        let one = ObjectId::from_hex(one.as_bytes())?;
        let other = ObjectId::from_hex(other.as_bytes())?;
        if one == other {
            continue;
        }
        let base = repository.merge_base_with_graph(one, other, &mut graph)?;
        match base {
            Some(base) if base.detach() == one => newer += 1,
            Some(base) if base.detach() == other => older += 1,
            Some(_) | None => diverged += 1,
        }
    }
    println!("{newer} newer, {older} older, {diverged} diverged");
    Ok(())
}
