//! The plugin as krew installs it: from an archive and a manifest, as a release makes them.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

use end_to_end::{Cluster, Folder, Invocation, Krew, Namespace, ignore, plugin_program, test};
use krew_manifest::{Input, Origin, PLATFORMS, Platform, fill, pack, plugin};

const RELEASING: &str = include_str!("../../../docs/releasing.md");

/// Commit time of what is packed here.
const TIME: u32 = 1_700_000_000;

/// A person's machine with kubectl and krew, an empty home, and a release to install.
struct Machine {
    krew: &'static Krew,
    folder: Folder,
}

impl Machine {
    fn new() -> Self {
        let krew = Krew::built();
        let folder = Folder::new(Cluster::shared());
        for empty in ["home", "bin"] {
            fs::create_dir(folder.path().join(empty)).unwrap();
        }
        let bin = folder.path().join("bin");
        symlink(Cluster::shared().kubectl_program(), bin.join("kubectl")).unwrap();
        symlink(&krew.program, bin.join("kubectl-krew")).unwrap();
        Self { krew, folder }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Packs a program for a platform. What prints completions is the plugin under test.
    fn pack(&self, platform: Platform, program: &Path) {
        let project = &Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let licences = &project.join("LICENSE");
        let input = Input {
            platform,
            program,
            licences,
            prints_completions: plugin_program(),
            project,
            time: TIME,
        };
        pack(&input, &self.path("dist")).unwrap();
    }

    /// Fills the manifest with what was packed.
    fn fill(&self, base_url: String) -> String {
        let origin = Origin { base_url, homepage: plugin::HOMEPAGE.to_owned() };
        let release = fill(&self.path("dist"), TIME, &origin).unwrap();
        self.folder.write(&format!("dist/{}.yaml", plugin::NAME), &release.manifest);
        release.manifest
    }

    fn manifest(&self) -> String {
        self.path(&format!("dist/{}.yaml", plugin::NAME)).display().to_string()
    }

    /// A command line on this machine, whose PATH has what krew links and no other plugin.
    fn types(&self, line: &str) -> Invocation {
        let path = format!(
            "{}:{}:{}:/usr/bin:/bin",
            self.path("home/.krew/bin").display(),
            self.path("home/.local/bin").display(),
            self.path("bin").display()
        );
        let shell = Cluster::shared().command("sh", ["-c", line]);
        shell.env("HOME", self.path("home")).env("PATH", path)
    }
}

/// The platform of this machine. Where nothing is released for it, the test is ignored.
fn this_machine() -> Platform {
    let os = if cfg!(target_os = "macos") { "darwin" } else { env::consts::OS };
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let mut platforms = PLATFORMS.into_iter();
    let this = platforms.find(|platform| (platform.os, platform.arch) == (os, arch));
    this.unwrap_or_else(|| ignore(format!("nothing is released for {os} on {arch}")))
}

/// The files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).iter().map(|below| format!("{name}/{below}")));
        } else {
            found.insert(name);
        }
    }
    found
}

#[test]
fn what_krew_installed_runs_through_kubectl() {
    let machine = Machine::new();
    let platform = this_machine();
    machine.pack(platform, plugin_program());
    let manifest = machine.fill(plugin::base_url());

    // As the page says it, for this machine.
    let install = RELEASING.lines().find_map(|line| line.strip_prefix("$ kubectl krew install "));
    let install = install.unwrap().replace(&PLATFORMS[0].archive(), &platform.archive());
    let install = install.replace("target/dist", &machine.path("dist").display().to_string());
    let install = format!("kubectl krew install {install}");
    let installed = machine.types(&install).succeeds().stderr;
    assert!(installed.contains("Installed plugin: snapshot"), "{installed}");
    let store = machine.path(&format!("home/.krew/store/snapshot/v{}", plugin::VERSION));
    let unpacked = [
        "LICENSE",
        "LICENSES-OF-DEPENDENCIES",
        "README.md",
        "completions/_kubectl-snapshot",
        "completions/kubectl-snapshot.bash",
        "completions/kubectl-snapshot.fish",
        "completions/kubectl-snapshot.ps1",
        "completions/kubectl_complete-snapshot",
        "kubectl-snapshot",
    ];
    assert_eq!(files(&store), unpacked.map(str::to_owned).into());

    let found = machine.types("kubectl plugin list --name-only").succeeds().stdout;
    assert!(found.contains("kubectl-snapshot"), "{found}");
    let version = machine.types("kubectl snapshot version").succeeds().stdout;
    assert!(version.contains(plugin::VERSION), "{version}");
    let help = machine.types("kubectl snapshot --help").succeeds().stdout;
    assert!(help.contains("Usage: kubectl snapshot "), "{help}");
    let dev = Namespace::new(Cluster::shared(), "dev");
    let list = machine.types("kubectl snapshot list").env("KUBECTL_SNAPSHOT_STORE", dev.store());
    let list = list.succeeds().stderr;
    assert!(list.contains("no snapshots yet"), "{list}");

    // What the caveats tell people to do works.
    let (_, rest) = manifest.split_once("  caveats: |\n").unwrap();
    let (caveats, _) = rest.split_once("\n  platforms:").unwrap();
    let commands: Vec<_> = caveats.lines().filter(|line| line.starts_with("      ")).collect();
    assert_eq!(commands.len(), 2, "{caveats}");
    fs::create_dir_all(machine.path("home/.local/bin")).unwrap();
    for command in commands {
        assert!(installed.contains(command.trim()), "{installed}");
        machine.types(command).succeeds();
    }
    let offered = machine.types("kubectl __complete snapshot histo").succeeds().stdout;
    assert!(offered.starts_with("history"), "{offered}");
}

/// The validator downloads each archive, installs it and looks for its licence.
#[test]
fn the_index_would_take_it() {
    let machine = Machine::new();
    let platform = this_machine();
    machine.pack(platform, plugin_program());
    machine.fill(downloads(&machine.path("dist")));
    let validator = machine.krew.validator.display();
    let said = machine.types(&format!("{validator} -manifest {}", machine.manifest())).succeeds();
    assert!(said.stderr.contains("all 1 spec.platforms installed fine"), "{}", said.transcript());
}

#[test]
fn a_manifest_of_all_platforms_has_the_structure_that_krew_knows() {
    let machine = Machine::new();
    for platform in PLATFORMS {
        // Nothing is installed here: what is in the archive does not matter.
        machine.pack(platform, Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../LICENSE")));
    }
    machine.fill(plugin::base_url());
    let validator = machine.krew.validator.display();
    let line = format!("{validator} -skip-install -manifest {}", machine.manifest());
    let said = machine.types(&line).succeeds();
    assert!(said.stderr.contains("no overlapping"), "{}", said.transcript());
}

/// Serves a folder's files on this machine for as long as the test runs, and returns its URL.
fn downloads(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let folder = folder.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut lines = reader.by_ref().lines().map(|line| line.unwrap());
            let request = lines.next().unwrap();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let name = request.split(' ').nth(1).unwrap().trim_start_matches('/');
            let content = fs::read(folder.join(name)).unwrap();
            let length = content.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )
            .and_then(|()| stream.write_all(&content))
            .unwrap();
        }
    });
    url
}
