//! Layout of a set's pieces in packs: those that are there, or new ones.
//!
//! Neighbouring snapshots share almost all of their pieces. A piece that an
//! earlier snapshot stored is named where it is; only the others are written,
//! together. So a snapshot costs what changed, wherever in it that is.
//!
//! Two rules keep that from fraying. A chunk that has become mostly others'
//! pieces is not named again, or reading would fetch ever more for ever less.
//! And too many small chunks are replaced by one, or a set that changes often
//! and little would end up in thousands of them.

use std::{collections::HashMap, ops::Range};

use snapshot_core::digest::Digest;

use super::{
    chunk::{self, ChunkId},
    pack::Pack,
    piece::Piece,
};

/// A pack is named again while at least one byte in this many is of the set.
const MIN_USE: usize = 3;
/// A pack with fewer bytes is small.
const SMALL: usize = 64 * 1024;
/// More small packs than these become one.
const MAX_SMALL_PACKS: usize = 32;

/// Packs that are there, and the pieces in them.
#[derive(Debug, Default)]
pub(super) struct PackIndex {
    packs: Vec<KnownPack>,
    places: HashMap<Digest, PieceAt>,
}

#[derive(Debug)]
struct KnownPack {
    chunks: Vec<ChunkId>,
    bytes: usize,
    pieces: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct PieceAt {
    pack: usize,
    piece: usize,
}

/// Layout of a set.
#[derive(Debug)]
pub(super) struct Layout {
    /// The packs that are there, with the pieces that the set takes from them.
    pub(super) kept: Vec<Pack>,
    /// The packs to be written: positions in [`Layout::fresh`].
    pub(super) written: Vec<Range<usize>>,
    /// The pieces to be written: positions among the set's pieces.
    pub(super) fresh: Vec<usize>,
    /// The place of each of the set's pieces, in the kept packs and then the written ones.
    places: Vec<PieceAt>,
}

impl PackIndex {
    /// Adds a pack that was read back, and so is whole: its bytes and its pieces' digests.
    pub(super) fn add(&mut self, chunks: Vec<ChunkId>, bytes: usize, pieces: &[Digest]) {
        let pack = self.packs.len();
        for (piece, digest) in pieces.iter().enumerate() {
            self.places.entry(*digest).or_insert(PieceAt { pack, piece });
        }
        self.packs.push(KnownPack { chunks, bytes, pieces: pieces.len() });
    }

    fn find(&self, piece: &Piece) -> Option<PieceAt> {
        // The first snapshot of a store need not be hashed.
        if self.places.is_empty() { None } else { self.places.get(&piece.digest()).copied() }
    }
}

/// Decides for each piece of a set where it goes.
pub(super) fn lay_out(pieces: &[Piece], index: &PackIndex) -> Layout {
    let places: Vec<Option<PieceAt>> = pieces.iter().map(|piece| index.find(piece)).collect();
    let keep = worth_keeping(pieces, &places, index);
    let mut used: Vec<Vec<bool>> =
        index.packs.iter().map(|pack| vec![false; pack.pieces]).collect();
    let mut fresh = Vec::new();
    for (position, place) in places.iter().enumerate() {
        match place {
            Some(place) if keep[place.pack] => used[place.pack][place.piece] = true,
            _ => fresh.push(position),
        }
    }
    // Packs that are not kept leave no gap in the list.
    let mut ordinals = vec![0; index.packs.len()];
    let kept_packs = (0..keep.len()).filter(|pack| keep[*pack]);
    kept_packs.enumerate().for_each(|(ordinal, pack)| ordinals[pack] = ordinal);
    let kept = index.packs.iter().zip(used).zip(keep).filter(|(_, keep)| *keep);
    let kept: Vec<Pack> =
        kept.map(|((pack, used), _)| Pack { chunks: pack.chunks.clone(), used }).collect();
    let written = fill(fresh.iter().map(|position| pieces[*position].length()));
    let in_kept = |place: PieceAt| PieceAt { pack: ordinals[place.pack], ..place };
    let mut places: Vec<PieceAt> =
        places.into_iter().map(|place| place.map_or(PieceAt::default(), in_kept)).collect();
    for (ordinal, pack) in written.iter().enumerate() {
        for (piece, position) in fresh[pack.clone()].iter().enumerate() {
            places[*position] = PieceAt { pack: kept.len() + ordinal, piece };
        }
    }
    Layout { kept, written, fresh, places }
}

/// Marks the known packs that are worth naming again.
fn worth_keeping(pieces: &[Piece], places: &[Option<PieceAt>], index: &PackIndex) -> Vec<bool> {
    let mut wanted = vec![0; index.packs.len()];
    for (piece, place) in pieces.iter().zip(places) {
        if let Some(place) = place {
            wanted[place.pack] += piece.length();
        }
    }
    let mut keep: Vec<bool> = index
        .packs
        .iter()
        .zip(&wanted)
        .map(|(pack, wanted)| *wanted > 0 && wanted * MIN_USE >= pack.bytes)
        .collect();
    let small = |pack: usize| index.packs[pack].bytes < SMALL;
    if (0..keep.len()).filter(|pack| keep[*pack] && small(*pack)).count() > MAX_SMALL_PACKS {
        (0..keep.len()).filter(|pack| small(*pack)).for_each(|pack| keep[pack] = false);
    }
    keep
}

/// Fills packs up to a chunk's size; a piece that is larger gets one of its own.
fn fill(lengths: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut packs: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (position, length) in lengths.enumerate() {
        match packs.last_mut() {
            Some(pack) if bytes + length <= chunk::LARGEST => pack.end = position + 1,
            _ => {
                packs.push(position..position + 1);
                bytes = 0;
            }
        }
        bytes += length;
    }
    packs
}

impl Layout {
    /// The packs of the layout with those pieces alone that stand at some positions among the
    /// set's: the ones of a part. `packs` are those that were kept, and then those written.
    pub(super) fn share(&self, packs: &[Pack], positions: &[usize]) -> Vec<Pack> {
        let unused =
            |pack: &Pack| Pack { chunks: pack.chunks.clone(), used: vec![false; pack.used.len()] };
        let mut share: Vec<Pack> = packs.iter().map(unused).collect();
        for position in positions {
            let PieceAt { pack, piece } = self.places[*position];
            share[pack].used[piece] = true;
        }
        share
    }

    /// The text of a pack that is to be written.
    pub(super) fn text(&self, pack: &Range<usize>, pieces: &[Piece]) -> Vec<u8> {
        let mut text = Vec::new();
        self.fresh[pack.clone()].iter().for_each(|position| pieces[*position].append_to(&mut text));
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::store::{
        pack::PackList,
        piece::{Cut, lines, pieces, read_into},
    };
    use snapshot_core::{
        document::test_support::{release, shop},
        manifest::Manifest,
        parts::{Document, Parts, Several},
        snapshot::{Metadata, Snapshot, Spec},
    };

    /// A store in memory: the newest snapshot's list, and the bytes of all.
    #[derive(Default)]
    struct Model {
        texts: HashMap<Digest, Vec<u8>>,
        newest: Vec<Pack>,
        written: usize,
        bytes: usize,
    }

    impl Model {
        fn save(&mut self, spec: &Spec) {
            self.save_pieces(&pieces(spec), &[]);
        }

        /// Stores a set in parts: the share of each part in the packs.
        fn save_parts(&mut self, parts: &[&Spec]) -> Vec<Vec<Pack>> {
            let snapshot = |spec: &&Spec| Snapshot { spec: (*spec).clone(), ..Snapshot::default() };
            let parts = parts.iter().map(snapshot).enumerate();
            let parts =
                parts.map(|(number, part)| (format!("part-{number}").parse().unwrap(), part));
            let parts = Parts::new(parts.collect()).unwrap();
            let several = Several { metadata: Metadata::default(), parts, extra: BTreeMap::new() };
            let Cut { pieces, parts } = Cut::of(&Document::Several(several));
            let positions: Vec<Vec<usize>> =
                parts.into_iter().map(|(_, positions)| positions).collect();
            self.save_pieces(&pieces, &positions)
        }

        fn save_pieces(&mut self, pieces: &[Piece], parts: &[Vec<usize>]) -> Vec<Vec<Pack>> {
            let mut index = PackIndex::default();
            for pack in &self.newest {
                let text = self.text(pack);
                let digests: Vec<Digest> = lines(&text).map(Digest::of).collect();
                index.add(pack.chunks.clone(), text.len(), &digests);
            }
            let layout = lay_out(pieces, &index);
            self.newest = layout.kept.clone();
            self.written = layout.written.len();
            for pack in &layout.written {
                let chunks = self.put(&layout.text(pack, pieces));
                self.newest.push(Pack { chunks, used: vec![true; pack.len()] });
            }
            let list = PackList::write(&self.newest);
            self.bytes += list.chunks.len() + list.pieces.len();
            parts.iter().map(|positions| layout.share(&self.newest, positions)).collect()
        }

        fn put(&mut self, text: &[u8]) -> Vec<ChunkId> {
            let parts = chunk::cut(text).into_iter();
            parts
                .map(|part| {
                    let id = ChunkId::of(part);
                    if self.texts.insert(id.digest, part.to_vec()).is_none() {
                        self.bytes += chunk::compress(part).len();
                    }
                    id
                })
                .collect()
        }

        fn text(&self, pack: &Pack) -> Vec<u8> {
            pack.chunks.iter().flat_map(|chunk| &self.texts[&chunk.digest]).copied().collect()
        }

        fn load(&self) -> Spec {
            self.load_packs(&self.newest)
        }

        fn load_packs(&self, packs: &[Pack]) -> Spec {
            let mut spec = Spec::default();
            for pack in packs {
                for (line, used) in lines(&self.text(pack)).zip(&pack.used) {
                    if *used {
                        read_into(&mut spec, line).unwrap();
                    }
                }
            }
            spec
        }
    }

    #[test]
    fn three_services_of_ten_thousand_are_one_chunk() {
        let mut spec = shop(10_000).spec;
        let mut model = Model::default();
        model.save(&spec);
        let (first, chunks) = (model.bytes, model.newest.len());
        assert_eq!(model.written, chunks);

        for service in [17, 4711, 9998] {
            release(&mut spec, service, 1);
        }
        model.save(&spec);
        assert_eq!(
            (model.written, model.newest.len()),
            (1, chunks + 1),
            "one new chunk beside all the old"
        );
        assert!(model.bytes - first < first / 50, "{} bytes after {first}", model.bytes - first);
        assert_eq!(model.load(), spec);

        model.save(&spec);
        assert_eq!(model.written, 0, "an unchanged set writes nothing but its head");
    }

    /// Stores a set and then neighbours of it, each with one service in a hundred changed.
    fn neighbours(services: usize, count: usize) -> (usize, Model) {
        let mut spec = shop(services).spec;
        let mut model = Model::default();
        model.save(&spec);
        let first = model.bytes;
        for round in 1..count {
            // Anywhere in the set, as changes are.
            (0..services / 100)
                .for_each(|n| release(&mut spec, (round * 7919 + n * 104_729) % services, round));
            model.save(&spec);
        }
        assert_eq!(model.load(), spec);
        (first, model)
    }

    #[test]
    fn neighbours_cost_what_changed() {
        let (first, model) = neighbours(1000, 30);
        assert!(model.bytes < 2 * first, "{} bytes after {first}", model.bytes);
        assert!(model.newest.len() <= MAX_SMALL_PACKS + 5, "{} chunks", model.newest.len());
    }

    #[test]
    #[ignore = "the whole budget takes a minute"]
    fn a_hundred_neighbours_of_ten_thousand_services_take_at_most_three_times_the_bytes_of_one() {
        let (first, model) = neighbours(10_000, 100);
        assert!(model.bytes < 3 * first, "{} bytes after {first}", model.bytes);
        assert!(model.newest.len() < 150, "{} chunks", model.newest.len());
    }

    #[test]
    fn a_part_shares_the_pieces_of_its_set_and_of_other_parts() {
        let (mut shop, tax) = (shop(400).spec, shop(30).spec);
        let mut model = Model::default();
        model.save(&shop);
        let alone = model.bytes;
        let parts = model.save_parts(&[&shop, &tax]);
        assert_eq!(model.written, 0, "both parts are stored already: one as a set, one within it");
        assert!(model.bytes - alone < 1000, "{} bytes after {alone}", model.bytes);
        assert_eq!([0, 1].map(|part| model.load_packs(&parts[part])), [shop.clone(), tax.clone()]);

        release(&mut shop, 7, 1);
        let parts = model.save_parts(&[&tax, &shop]);
        assert_eq!(model.written, 1, "what changed in one part");
        assert_eq!([0, 1].map(|part| model.load_packs(&parts[part])), [tax, shop]);
    }

    #[test]
    fn what_is_mostly_of_others_is_not_named_again() {
        let mut spec = shop(200).spec;
        let mut model = Model::default();
        model.save(&spec);
        let old = model.newest[0].chunks.clone();
        spec.services = spec.services.into_iter().take(20).collect();
        let named: Vec<Digest> =
            spec.instances().map(|running| running.instance.manifest).collect();
        spec.objects.retain(|digest, _| named.contains(digest));
        model.save(&spec);
        assert!(model.newest.iter().all(|pack| pack.chunks != old));
        assert_eq!(model.load(), spec);
    }

    #[test]
    fn a_crowd_of_small_chunks_becomes_one() {
        let mut spec = shop(3).spec;
        let mut model = Model::default();
        let mut most = 0;
        for round in 0..200 {
            release(&mut spec, round % 3, round);
            model.save(&spec);
            most = most.max(model.newest.len());
            assert_eq!(model.load(), spec);
        }
        assert!(most <= MAX_SMALL_PACKS + 1, "{most} chunks for three services");
    }

    #[test]
    fn a_piece_larger_than_a_chunk_spans_several() {
        let mut spec = shop(2).spec;
        let digits: String = (0..200_000).map(|number: u32| number.to_string()).collect();
        let large = Manifest::new(&json!({"kind": "ConfigMap", "data": {"digits": digits}}));
        spec.objects.insert(large.digest(), large);
        let mut model = Model::default();
        model.save(&spec);
        assert!(
            model.newest.iter().any(|pack| pack.used.len() == 1 && pack.chunks.len() > 1),
            "{:?}",
            model.newest
        );
        assert_eq!(model.load(), spec);
        model.save(&spec);
        assert_eq!(model.written, 0);
    }
}
