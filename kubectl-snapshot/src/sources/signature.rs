//! Signatures of policies, made and checked with keys as openssl makes them.
//!
//! A signature is Ed25519 over [`message`](signature::message), in a file of its
//! 64 bytes as openssl writes it, or as base64. Keys are PEM: PKCS#8 for the
//! private one (`openssl genpkey -algorithm ed25519`), SPKI for the public one
//! (`openssl pkey -pubout`).

use std::{fs, io::ErrorKind, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
#[cfg(test)]
use ring::signature::KeyPair as _;
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer, pem::PemObject as _};
use snapshot_core::{
    digest::Digest,
    signature::{self, PublicKey, Signature},
};

use crate::{blocking::blocking, causes::Cause};

/// Prefix of the 32 bytes of a key in an SPKI document: RFC 8410, section 4.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// The longest file that is read for a key or a signature, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Error: something cannot be signed, or has no valid signature.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The file cannot be read.
    #[error("{name} cannot be read: {cause}")]
    Unreadable {
        /// The file's name.
        name: String,
        /// I/O error, or what is wrong with the file.
        #[source]
        cause: Cause,
    },
    /// The file is no private key that can be used.
    #[error(
        "{name} is not an Ed25519 private key in PEM without a passphrase; \
         make one with: openssl genpkey -algorithm ed25519 -out private.pem"
    )]
    NotAPrivateKey {
        /// The file's name.
        name: String,
    },
    /// The file is no public key.
    #[error(
        "{name} is not an Ed25519 public key in PEM; \
         write it with: openssl pkey -in private.pem -pubout -out public.pem"
    )]
    NotAPublicKey {
        /// The file's name.
        name: String,
    },
    /// The file is no signature.
    #[error("{name} is not an Ed25519 signature: expected 64 bytes, or their base64")]
    NotASignature {
        /// The file's name.
        name: String,
    },
    /// Policy without a signature.
    #[error("{name} is not signed, and a signature by {key} is asked for")]
    Missing {
        /// Name of the policy.
        name: String,
        /// The key that should have signed it.
        key: PublicKey,
    },
    /// Another key has signed, or other bytes were signed.
    #[error("the signature of {name} is not one by {key} over {policy}")]
    Wrong {
        /// Name of the policy.
        name: String,
        /// The key that should have signed it.
        key: PublicKey,
        /// The policy's digest.
        policy: Digest,
    },
}

/// An Ed25519 private key. It is never shown, nor kept.
pub struct PrivateKey(Ed25519KeyPair);

impl PrivateKey {
    /// Reads a key from a PEM file.
    pub async fn read(path: &Path) -> Result<Self, SignatureError> {
        let pem = read(path).await?;
        Self::from_pem(&pem)
            .ok_or_else(|| SignatureError::NotAPrivateKey { name: path.display().to_string() })
    }

    fn from_pem(pem: &[u8]) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem).ok()?;
        // openssl writes version 1, which has no public key that could be checked.
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).ok().map(Self)
    }

    /// Signs a policy by its digest. The same key gives the same signature.
    #[must_use]
    pub fn sign(&self, policy: &Digest) -> Signature {
        let mut bytes = [0; 64];
        bytes.copy_from_slice(self.0.sign(signature::message(policy).as_bytes()).as_ref());
        Signature::from(bytes)
    }

    /// The key that others check its signatures with.
    #[cfg(test)]
    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey::from_bytes(bytes)
    }
}

/// Reads a public key from a PEM file.
pub async fn read_public_key(path: &Path) -> Result<PublicKey, SignatureError> {
    let pem = read(path).await?;
    public_key(&pem)
        .ok_or_else(|| SignatureError::NotAPublicKey { name: path.display().to_string() })
}

fn public_key(pem: &[u8]) -> Option<PublicKey> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(pem).ok()?;
    let bytes = der.strip_prefix(&SPKI_PREFIX)?.try_into().ok()?;
    Some(PublicKey::from_bytes(bytes))
}

/// Reads a signature from a file: its 64 bytes, or their base64.
pub async fn read_signature(path: &Path) -> Result<Signature, SignatureError> {
    let bytes = read(path).await?;
    Signature::from_bytes(&bytes)
        .or_else(|| from_base64(str::from_utf8(&bytes).ok()?))
        .ok_or_else(|| SignatureError::NotASignature { name: path.display().to_string() })
}

/// A signature as text.
pub(super) fn to_base64(signature: &Signature) -> String {
    BASE64.encode(signature.as_bytes())
}

/// A signature from its text; line breaks at the end are passed over.
pub(super) fn from_base64(text: &str) -> Option<Signature> {
    Signature::from_bytes(&BASE64.decode(text.trim()).ok()?)
}

/// Checks that the key's owner has signed the policy; `name` is what it is called.
pub fn verify(
    name: &str,
    key: &PublicKey,
    policy: &Digest,
    signature: Option<&Signature>,
) -> Result<(), SignatureError> {
    let Some(signature) = signature else {
        return Err(SignatureError::Missing { name: name.to_owned(), key: *key });
    };
    UnparsedPublicKey::new(&ED25519, key.as_bytes())
        .verify(signature::message(policy).as_bytes(), signature.as_bytes())
        .map_err(|_| SignatureError::Wrong { name: name.to_owned(), key: *key, policy: *policy })
}

async fn read(path: &Path) -> Result<Vec<u8>, SignatureError> {
    let path = path.to_owned();
    blocking(move || read_here(&path)).await
}

fn read_here(path: &Path) -> Result<Vec<u8>, SignatureError> {
    let unreadable =
        |cause: Cause| SignatureError::Unreadable { name: path.display().to_string(), cause };
    let size = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => unreadable("there is no such file".into()),
        _ => unreadable(error.into()),
    })?;
    if size.len() > LONGEST {
        return Err(unreadable(format!("it has {} bytes, more than any key", size.len()).into()));
    }
    fs::read(path).map_err(|error| unreadable(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair that RFC 8410 prints, which is nobody's.
    const PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
    const PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";
    /// Signature by `openssl pkeyutl -sign -rawin` with it, of the digest of nothing.
    const BY_OPENSSL: &str =
        "O+3llejEVtjkL0tbtpWz7RwO+MKOPfBrx69aBV4OGcWDBr7YQVWvSdlJuVaIPaQ4lWrRQKleAPE2Pyz6wuUCDA==";

    fn key() -> PrivateKey {
        PrivateKey::from_pem(PRIVATE).unwrap()
    }

    #[test]
    fn openssl_signs_to_the_same_bytes() {
        let signature = key().sign(&Digest::of(b""));
        assert_eq!(to_base64(&signature), BY_OPENSSL);
        assert_eq!(from_base64(&format!("{BY_OPENSSL}\n")), Some(signature));
    }

    #[test]
    fn both_files_of_a_pair_name_one_key() {
        let public = public_key(PUBLIC).unwrap();
        assert_eq!(public, key().public_key());
        assert_eq!(
            public.to_string(),
            "ed25519:19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"
        );
    }

    #[test]
    fn what_was_not_signed_is_not_vouched_for() {
        let (policy, public) = (Digest::of(b"tax"), key().public_key());
        let signature = key().sign(&policy);
        verify("tax", &public, &policy, Some(&signature)).unwrap();

        let missing = verify("tax", &public, &policy, None).unwrap_err();
        assert!(matches!(missing, SignatureError::Missing { .. }));
        let other = verify("tax", &public, &Digest::of(b"cart"), Some(&signature)).unwrap_err();
        assert!(matches!(other, SignatureError::Wrong { .. }));
        let mut bytes = *signature.as_bytes();
        bytes[0] ^= 1;
        assert!(verify("tax", &public, &policy, Some(&Signature::from(bytes))).is_err());
        let mut stranger = *public.as_bytes();
        stranger[0] ^= 1;
        let stranger = PublicKey::from_bytes(stranger);
        assert!(verify("tax", &stranger, &policy, Some(&signature)).is_err());
    }

    #[test]
    fn a_signature_of_the_bare_digest_is_none() {
        let policy = Digest::of(b"tax");
        let bare = key().0.sign(policy.to_string().as_bytes());
        let bare = Signature::from_bytes(bare.as_ref()).unwrap();
        assert!(verify("tax", &key().public_key(), &policy, Some(&bare)).is_err());
    }

    #[test]
    fn files_that_are_something_else_are_refused() {
        assert!(PrivateKey::from_pem(PUBLIC).is_none());
        assert!(public_key(PRIVATE).is_none());
        for text in
            [&b""[..], b"\xff\xfe", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]
        {
            assert!(PrivateKey::from_pem(text).is_none() && public_key(text).is_none());
        }
        assert_eq!(from_base64("AAAA"), None);
    }
}
