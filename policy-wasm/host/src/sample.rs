//! Sample of a component's bytes, taken before all of it is read.

use std::fmt;

/// Distance between the sampled pieces, in bytes.
const STRIDE: usize = 64 << 10;
const TAKEN: usize = 4 << 10;

/// The hash of a sixteenth of a component, and of its length.
///
/// Two components may look alike: it finds compiled code early, and never says
/// that the code is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample(u64);

impl Sample {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&bytes.len().to_le_bytes());
        for piece in bytes.chunks(STRIDE) {
            hasher.update(&piece[..piece.len().min(TAKEN)]);
        }
        // What differs may well be appended.
        hasher.update(&bytes[bytes.len().saturating_sub(TAKEN)..]);
        let mut start = [0; 8];
        hasher.finalize_xof().fill(&mut start);
        Self(u64::from_le_bytes(start))
    }
}

/// 16 hexadecimal digits.
impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_start_and_end_count_and_most_of_the_rest_does_not() {
        let bytes = vec![0; 3 * STRIDE];
        let changed = |place: usize| {
            let mut other = bytes.clone();
            other[place] = 1;
            Sample::of(&other) != Sample::of(&bytes)
        };
        assert!([0, STRIDE, 2 * STRIDE + TAKEN - 1, 3 * STRIDE - 1].into_iter().all(changed));
        assert!(!changed(TAKEN));
        assert_ne!(Sample::of(&bytes[1..]), Sample::of(&bytes));
        assert_ne!(Sample::of(&[]), Sample::of(&[0]));
    }
}
