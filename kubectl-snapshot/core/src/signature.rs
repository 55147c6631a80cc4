//! Ed25519 signatures over a policy's digest.

use std::{fmt, str::FromStr};

use data_encoding::HEXLOWER;

use super::digest::Digest;

/// Prefix of every text form of a key.
const ALGORITHM: &str = "ed25519:";

/// An Ed25519 public key, written `ed25519:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// Error: a text is not a [`PublicKey`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a public key: expected ed25519: and 64 hexadecimal digits")]
pub struct NotAKey(String);

/// An Ed25519 signature of a policy, written as 128 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

/// Error: a text is not a [`Signature`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a signature: expected 128 hexadecimal digits")]
pub struct NotASignature(String);

/// The text that is signed for a policy of this digest, two lines.
///
/// The first line keeps a signature from meaning anything elsewhere. The second
/// names the component's file, and not where it is kept: a signature stays good
/// when the policy is mirrored.
#[must_use]
pub fn message(policy: &Digest) -> String {
    format!("kubectl-snapshot policy v1\n{policy}\n")
}

impl PublicKey {
    /// A key of its 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM}{}", HEXLOWER.encode_display(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let refuse = || NotAKey(text.chars().take(80).collect());
        text.strip_prefix(ALGORITHM).and_then(from_hex).map(Self).ok_or_else(refuse)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        HEXLOWER.encode_display(&self.0).fmt(f)
    }
}

impl FromStr for Signature {
    type Err = NotASignature;

    fn from_str(text: &str) -> Result<Self, NotASignature> {
        from_hex(text).map(Self).ok_or_else(|| NotASignature(text.chars().take(80).collect()))
    }
}

/// Exactly as many bytes as are asked for.
fn from_hex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}

impl Signature {
    /// A signature of its 64 bytes; `None` where they are more or fewer.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 64 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl From<[u8; 64]> for Signature {
    fn from(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keys_text_round_trips() {
        let key = PublicKey::from_bytes(std::array::from_fn(|at| u8::try_from(at * 8).unwrap()));
        assert!(key.to_string().starts_with("ed25519:00081018"));
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let digits = "ab".repeat(32);
        for text in [
            "",
            &digits,
            "ed25519:",
            &format!("rsa:{digits}"),
            &format!("ed25519:{digits}0"),
            &format!("ed25519:{}", "AB".repeat(32)),
            &format!("ed25519:{}", "é".repeat(32)),
        ] {
            assert!(text.parse::<PublicKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_signatures_text_round_trips() {
        let signature = Signature::from([0xa7; 64]);
        assert_eq!(signature.to_string().parse(), Ok(signature));
        assert!("a7".repeat(63).parse::<Signature>().is_err());
    }

    #[test]
    fn the_signed_text_is_fixed() {
        let message = message(&Digest::of(b""));
        let digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(message, format!("kubectl-snapshot policy v1\n{digest}\n"));
    }
}
