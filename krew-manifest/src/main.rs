//! `krew-manifest`: packs what cargo built, and tells krew of it.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use krew_manifest::{Error, Input, Origin, PLATFORMS, Platform, fill, pack, plugin};

/// Pack the plugin as krew unpacks it, and fill the manifest for krew
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Folder for the archives and the manifest
    #[arg(long, value_name = "FOLDER", global = true, default_value = "target/dist")]
    into: PathBuf,
    /// Time of the commit, in seconds since 1970: all packed files have it
    #[arg(
        long,
        env = "SOURCE_DATE_EPOCH",
        value_name = "SECONDS",
        global = true,
        default_value_t = 0
    )]
    time: u32,
}

#[derive(Subcommand)]
enum Command {
    /// Pack the archive of one target
    Pack(PackArgs),
    /// Fill the manifest with the archives that there are
    Fill(FillArgs),
}

#[derive(Args)]
struct PackArgs {
    /// Target that cargo built for, such as x86_64-unknown-linux-musl
    target: String,
    /// The plugin, built for that
    program: PathBuf,
    /// The licences of the packages that are part of it
    #[arg(long, value_name = "FILE")]
    licences: PathBuf,
    /// The plugin, built for this machine, which prints the completions
    #[arg(long, value_name = "FILE")]
    completions: PathBuf,
    /// The project's folder
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    project: PathBuf,
}

#[derive(Args)]
struct FillArgs {
    /// The URL of the folder that the archives will be downloaded from
    #[arg(long, env, value_name = "URL", default_value_t = plugin::base_url())]
    base_url: String,
    /// Home page of the plugin
    #[arg(long, env, value_name = "URL", default_value = plugin::HOMEPAGE)]
    homepage: String,
}

fn main() -> ExitCode {
    let Cli { command, into, time } = Cli::parse();
    let done = match command {
        Command::Pack(args) => pack_one(args, &into, time),
        Command::Fill(args) => fill_manifest(args, &into, time),
    };
    // What is said goes to stderr as a whole; where that is gone, nobody is left to tell.
    let (said, code) = match done {
        Ok(said) => (said, ExitCode::SUCCESS),
        Err(error) => (format!("error: {error}\n"), ExitCode::FAILURE),
    };
    let _ = std::io::stderr().write_all(said.as_bytes());
    code
}

fn pack_one(args: PackArgs, into: &Path, time: u32) -> Result<String, Error> {
    let platform = Platform::of_target(&args.target).ok_or_else(|| Error::Target {
        target: args.target,
        known: PLATFORMS.map(|platform| platform.target).join(", "),
    })?;
    let input = Input {
        platform,
        program: &args.program,
        licences: &args.licences,
        prints_completions: &args.completions,
        project: &args.project,
        time,
    };
    Ok(format!("packed {}\n", pack(&input, into)?.display()))
}

fn fill_manifest(args: FillArgs, into: &Path, time: u32) -> Result<String, Error> {
    let origin = Origin { base_url: args.base_url, homepage: args.homepage };
    let release = fill(into, time, &origin)?;
    let mut said = write(&into.join(format!("{}.yaml", plugin::NAME)), &release.manifest)?;
    said += &write(&into.join("SHA256SUMS"), &release.checksums)?;
    for platform in release.missing {
        let _ = writeln!(said, "without {}/{}: there is no archive", platform.os, platform.arch);
    }
    Ok(said)
}

fn write(path: &Path, text: &str) -> Result<String, Error> {
    fs::write(path, text).map_err(|cause| Error::File { path: path.to_owned(), cause })?;
    Ok(format!("filled {}\n", path.display()))
}
