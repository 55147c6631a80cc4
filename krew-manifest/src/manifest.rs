//! The manifest: the template with the archives that there are.

use std::{fs, path::Path};

use data_encoding::HEXLOWER;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context, value::Serde};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Error, PLATFORMS, Platform, archive, plugin, rules};

/// Template of the manifest.
const TEMPLATE: &str = include_str!("../plugin.yaml.j2");

/// URLs of a release.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The folder of the archives' URLs.
    pub base_url: String,
    /// Home page of the plugin.
    pub homepage: String,
}

/// A manifest and what it was made of.
#[derive(Clone, Debug)]
pub struct Release {
    /// The manifest, for `NAME.yaml`.
    pub manifest: String,
    /// A line for each archive, as `sha256sum --check` reads them.
    pub checksums: String,
    /// The platforms that there is no archive for.
    pub missing: Vec<Platform>,
}

/// An archive as the template sees it.
#[derive(Serialize)]
struct Packed {
    os: &'static str,
    arch: &'static str,
    file: String,
    sha256: String,
    program: String,
}

/// Fills the manifest with the archives in a folder, all of which are of one commit.
pub fn fill(folder: &Path, time: u32, origin: &Origin) -> Result<Release, Error> {
    let mut packed = Vec::new();
    let mut missing = Vec::new();
    for platform in PLATFORMS {
        let path = folder.join(platform.archive());
        if path.exists() {
            packed.push(look(platform, &path, time)?);
        } else {
            missing.push(platform);
        }
    }
    if packed.is_empty() {
        let folder = folder.to_owned();
        return Err(Error::NoArchives { folder, version: plugin::VERSION });
    }
    let checksums = packed
        .iter()
        .fold(String::new(), |lines, one| lines + &one.sha256 + "  " + &one.file + "\n");
    let manifest = render(&packed, origin)?;
    rules::check(&manifest)?;
    Ok(Release { manifest, checksums, missing })
}

fn look(platform: Platform, path: &Path, time: u32) -> Result<Packed, Error> {
    let bytes = fs::read(path).map_err(Error::file(path))?;
    // Archives of an earlier run are welcome: one platform may be built after the other.
    if archive::time_of(bytes.as_slice()).map_err(Error::file(path))? != time {
        return Err(Error::Stale { archive: path.to_owned() });
    }
    Ok(Packed {
        os: platform.os,
        arch: platform.arch,
        file: platform.archive(),
        sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
        program: platform.program(),
    })
}

fn render(archives: &[Packed], origin: &Origin) -> Result<String, Error> {
    let mut templates = Environment::empty();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_auto_escape_callback(|_| AutoEscape::None);
    let filled = templates.render_str(
        TEMPLATE,
        context! {
            name => plugin::NAME,
            file_name => plugin::file_name(),
            version => plugin::VERSION,
            homepage => origin.homepage.as_str(),
            base_url => origin.base_url.trim_end_matches('/'),
            archives => Serde(archives),
        },
    )?;
    // A template's last line ends nowhere.
    Ok(filled + "\n")
}
