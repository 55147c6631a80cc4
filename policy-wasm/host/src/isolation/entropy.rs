//! Random numbers that follow from the question.

use snapshot_core::digest::Digest;
use std::sync::mpsc::Receiver;
use wasmtime::{Result, bail};

/// More than any runtime asks for at once, and less than would cost the host.
const AT_ONCE: u64 = 1 << 20;

/// Source of the seed.
pub(crate) enum Seed {
    /// The question's digest, which is computed while the guest starts: few
    /// guests ask for random numbers, and those that do rarely do so at once.
    Coming(Receiver<Digest>),
    /// No question: the policy is asked to describe itself.
    None,
}

/// The SHA-256 of (question, policy, counter), block after block: a
/// definition that another host, or another version of this one, can repeat.
pub(crate) struct Entropy {
    policy: Digest,
    seed: Seed,
    question: Option<Digest>,
    blocks: u64,
    rest: Vec<u8>,
}

impl Entropy {
    pub(crate) fn new(policy: Digest, seed: Seed) -> Self {
        Self { policy, seed, question: None, blocks: 0, rest: Vec::new() }
    }

    /// So many random bytes.
    pub(crate) fn bytes(&mut self, len: u64) -> Result<Vec<u8>> {
        let len = match usize::try_from(len) {
            Ok(fits) if len <= AT_ONCE => fits,
            _ => bail!("asked for {len} random bytes at once; at most {AT_ONCE} are given"),
        };
        while self.rest.len() < len {
            let block = self.block();
            self.rest.extend_from_slice(&block);
        }
        Ok(self.rest.drain(..len).collect())
    }

    /// A random number.
    pub(crate) fn number(&mut self) -> Result<u64> {
        let bytes = self.bytes(8)?;
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn block(&mut self) -> [u8; 32] {
        let question = self.question();
        let counter = self.blocks.to_le_bytes();
        self.blocks += 1;
        *Digest::of(&[question.bytes().as_slice(), self.policy.bytes(), &counter].concat()).bytes()
    }

    fn question(&mut self) -> Digest {
        let seed = &self.seed;
        *self.question.get_or_insert_with(|| match seed {
            // A closed channel means that the caller is gone, and the answer with it.
            Seed::Coming(digest) => digest.recv().unwrap_or(Digest::of(b"")),
            Seed::None => Digest::of(b""),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn of(question: &[u8], policy: &[u8]) -> Entropy {
        let (sender, receiver) = mpsc::channel();
        sender.send(Digest::of(question)).unwrap();
        Entropy::new(Digest::of(policy), Seed::Coming(receiver))
    }

    #[test]
    fn the_same_question_gives_the_same_numbers() {
        let mut first = of(b"question", b"policy");
        let mut again = of(b"question", b"policy");
        assert_eq!(first.bytes(100).unwrap(), again.bytes(100).unwrap());
        assert_eq!(first.number().unwrap(), again.number().unwrap());
    }

    #[test]
    fn another_question_or_policy_gives_others() {
        let numbers = of(b"question", b"policy").bytes(32).unwrap();
        assert_ne!(of(b"other", b"policy").bytes(32).unwrap(), numbers);
        assert_ne!(of(b"question", b"other").bytes(32).unwrap(), numbers);
    }

    #[test]
    fn they_do_not_repeat_and_are_bounded() {
        let mut entropy = of(b"question", b"policy");
        assert_ne!(entropy.bytes(32).unwrap(), entropy.bytes(32).unwrap());
        let message = entropy.bytes(AT_ONCE + 1).unwrap_err().to_string();
        assert_eq!(message, "asked for 1048577 random bytes at once; at most 1048576 are given");
    }
}
