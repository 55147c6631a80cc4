//! The program in `registry/`: an OCI registry that one test has to itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::{Cluster, Folder, go};

/// The CNCF distribution registry on a free loopback port, with its storage in
/// a folder that a test may tamper with.
///
/// It ends when this value is dropped, and with this process however that dies:
/// it lives for as long as the other end of its stdin is open.
#[derive(Debug)]
pub struct Registry {
    process: Child,
    address: String,
    folder: Folder,
}

/// The user whom a registry with passwords lets in, and the password.
pub const USER: [&str; 2] = ["ada", "open sesame"];

/// User and password as `htpasswd -B` writes them.
const HTPASSWD: &str = "ada:$2a$04$IvChjFm9I5xG0svZFuEKhu7cefTw1RTjD70anJsz41um9bIyLqrxG\n";

impl Registry {
    /// Starts one that anybody may use, without TLS.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// Starts one that lets in [`USER`] alone.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn with_password() -> Self {
        Self::with(&["--htpasswd"])
    }

    /// Starts one that turns away manifests whose config has a media type that
    /// begins so, with words that a terminal would obey.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn refusing_config(prefix: &str) -> Self {
        Self::with(&["--refuse-config", prefix])
    }

    /// Starts one that does not say where an uploaded blob is.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn without_location() -> Self {
        Self::with(&["--without-location"])
    }

    /// Starts a pull-through mirror of another one.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn mirror_of(upstream: &Self) -> Self {
        Self::with(&["--mirror-of", &format!("http://{}", upstream.address)])
    }

    /// Starts one that speaks TLS, with a certificate of nobody's authority.
    ///
    /// # Panics
    /// Where it does not start. Only Linux has more than one loopback address,
    /// and the plugin speaks without TLS to the usual one.
    #[must_use]
    pub fn with_tls() -> Self {
        Self::with(&["--tls", "--address", "127.0.0.2"])
    }

    fn with(arguments: &[&str]) -> Self {
        let folder = Folder::new(Cluster::shared());
        folder.write("htpasswd", HTPASSWD);
        let mut process = Command::new(program())
            .args(arguments)
            .arg("--folder")
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the registry that was just built starts");
        let mut address = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut address).expect("the registry says its address");
        let address = address.trim().to_owned();
        assert!(!address.is_empty(), "the registry did not start; stderr says why");
        Self { process, address, folder }
    }

    /// Address that it listens on: `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Refuses every request for so many seconds from the next one on, and says so, as Docker Hub
    /// does.
    ///
    /// # Panics
    /// Where the folder cannot be written.
    pub fn refuse_for(&self, seconds: u32) {
        self.folder.write("limit", seconds.to_string());
    }

    /// Certificate authority to trust, where it speaks TLS: a file in PEM.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The file in which it keeps a blob or a manifest, by its digest.
    #[must_use]
    pub fn stored(&self, digest: &str) -> PathBuf {
        let hex = digest.trim_start_matches("sha256:");
        let blobs = self.folder.path().join("storage/docker/registry/v2/blobs/sha256");
        blobs.join(&hex[..2]).join(hex).join("data")
    }

    /// Puts a manifest there as it is, for what the plugin would never push.
    ///
    /// # Panics
    /// Where the registry does not take it.
    #[track_caller]
    pub fn put_manifest(&self, repository: &str, tag: &str, manifest: &str) {
        let path = format!("/v2/{repository}/manifests/{tag}");
        let answer = self.put(&path, "application/vnd.oci.image.manifest.v1+json", manifest);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }

    /// Puts an index of images there, each for a platform such as `linux/amd64`; returns its
    /// digest.
    ///
    /// # Panics
    /// Where the registry does not take it.
    #[track_caller]
    #[must_use]
    pub fn put_index(&self, repository: &str, tag: &str, images: &[(&str, &str)]) -> String {
        let entry = |(platform, digest): &(&str, &str)| {
            let (os, architecture) = platform.split_once('/').expect("a platform has two parts");
            let size = std::fs::metadata(self.stored(digest)).expect("it is there").len();
            serde_json::json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": digest, "size": size,
                "platform": {"os": os, "architecture": architecture},
            })
        };
        let media_type = "application/vnd.oci.image.index.v1+json";
        let entries: Vec<_> = images.iter().map(entry).collect();
        let index = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type, "manifests": entries,
        })
        .to_string();
        let answer = self.put(&format!("/v2/{repository}/manifests/{tag}"), media_type, &index);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        sha256(&index)
    }

    /// Puts an image there whose configuration has these labels, under each of these tags; returns
    /// its digest.
    ///
    /// # Panics
    /// Where the registry does not take it.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "some tests only want it to be there")]
    pub fn put_image(&self, repository: &str, tags: &[&str], labels: &[(&str, &str)]) -> String {
        let labels: serde_json::Map<String, serde_json::Value> =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let config = serde_json::json!({
            "architecture": "amd64", "os": "linux", "created": "2024-01-15T10:30:00Z",
            "config": {"Labels": labels}, "rootfs": {"type": "layers", "diff_ids": []},
            // No two images are one.
            "author": tags,
        })
        .to_string();
        let config_digest = self.put_blob(repository, &config);
        let manifest = serde_json::json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": config_digest, "size": config.len(),
            },
            "layers": [],
        })
        .to_string();
        for tag in tags {
            self.put_manifest(repository, tag, &manifest);
        }
        sha256(&manifest)
    }

    /// Puts a blob there; returns its digest.
    #[track_caller]
    fn put_blob(&self, repository: &str, text: &str) -> String {
        let digest = sha256(text);
        let begun =
            self.send("POST", &format!("/v2/{repository}/blobs/uploads/"), "text/plain", "");
        let place = begun.lines().find_map(|line| line.strip_prefix("Location: "));
        let place = place.unwrap_or_else(|| panic!("no place to upload to: {begun}"));
        let path = place.split_once(&self.address).map_or(place, |(_, path)| path);
        let path = format!("{path}&digest={digest}");
        let answer = self.put(&path, "application/octet-stream", text);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        digest
    }

    /// One request to put something, and the whole answer.
    fn put(&self, path: &str, media_type: &str, body: &str) -> String {
        self.send("PUT", path, media_type, body)
    }

    /// One request, and the whole answer.
    fn send(&self, method: &str, path: &str, media_type: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the registry listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len(),
        )
        .expect("the registry reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the registry answers in text");
        answer
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Digest of a text, as registries write it.
fn sha256(text: &str) -> String {
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-r"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl is there, as the tests need it");
    let mut stdin = openssl.stdin.take().expect("stdin is piped");
    stdin.write_all(text.as_bytes()).expect("openssl reads");
    drop(stdin);
    let output = openssl.wait_with_output().expect("openssl ends");
    let printed = String::from_utf8_lossy(&output.stdout);
    let hex = printed.split_whitespace().next().unwrap_or_default();
    assert_eq!(hex.len(), 64, "{printed}");
    format!("sha256:{hex}")
}

/// The registry's executable, freshly built.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| go::build("registry", ".", "test-registry"))
}
