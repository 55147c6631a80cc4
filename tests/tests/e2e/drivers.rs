//! The program that starts control planes: several at once, and their end.

use std::process::{Command, Stdio};

use end_to_end::{Cluster, Driver, test};

/// The driver, with the tester's environment but for what names a cluster.
fn driver() -> Command {
    let mut driver = Command::new(Driver::program());
    driver.env_remove("KUBECTL_SNAPSHOT_TEST_CONTEXT");
    driver
}

#[test]
fn two_control_planes_live_side_by_side() {
    let shared = Cluster::shared();
    let namespaces = ["get", "namespaces", "-o", "name"];
    let other = driver()
        .args(["exec", "--", "sh", "-c", "$KUBECTL create namespace elsewhere && echo $KUBECONFIG"])
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&other.stdout);
    assert!(other.status.success(), "{stdout}{}", String::from_utf8_lossy(&other.stderr));
    assert!(stdout.contains("namespace/elsewhere created"), "{stdout}");
    // The other one's folder is gone with it, and ours knows nothing of it.
    let kubeconfig = stdout.lines().last().unwrap();
    assert!(!std::path::Path::new(kubeconfig).exists(), "{kubeconfig} was left");
    let ours = shared.kubectl(namespaces).succeeds().stdout;
    assert!(!ours.contains("elsewhere"), "{ours}");
}

#[test]
fn the_commands_exit_code_is_the_drivers() {
    let status = driver().args(["exec", "--", "sh", "-c", "exit 42"]).status().unwrap();
    assert_eq!(status.code(), Some(42));
    let unknown = driver().args(["exec", "--", "/no/such/program"]).stderr(Stdio::null()).status();
    assert_eq!(unknown.unwrap().code(), Some(127));
}

mod killed {
    use std::fs;
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Stdio};
    use std::thread;

    use end_to_end::{ignore, test, wait_for};

    use super::driver;

    #[test]
    fn nothing_outlives_a_driver_that_was_killed() {
        needs_linux();
        let mut exec = driver()
            .args(["exec", "--", "sh", "-c", "echo ready; exec sleep 600"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let processes = once_it_says(&mut exec, "ready");
        // etcd, three of Kubernetes, kwok and the command.
        assert_eq!(processes.len(), 6, "{processes:?}");
        exec.kill().unwrap(); // SIGKILL: it can do nothing any more
        exec.wait().unwrap();
        assert_gone(&processes);
    }

    #[test]
    fn a_served_control_plane_ends_with_the_other_end_of_its_stdin() {
        needs_linux();
        let mut serve =
            driver().arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let processes = once_it_says(&mut serve, "");
        assert_eq!(processes.len(), 5, "{processes:?}");
        drop(serve.stdin.take());
        assert!(serve.wait().unwrap().success());
        assert_gone(&processes);
    }

    fn needs_linux() {
        if !cfg!(target_os = "linux") {
            ignore("only Linux ties the life of a process to another's");
        }
    }

    /// Waits for a line and returns the processes that the driver runs by then,
    /// each by its id and the time it started, for ids are used again.
    fn once_it_says(driver: &mut Child, line: &str) -> Vec<(u32, String)> {
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        assert!(lines.any(|said| said.unwrap() == line), "it never said {line:?}");
        // The reading end stays open: the command may print more.
        thread::spawn(move || lines.for_each(drop));
        let parent = driver.id().to_string();
        fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
            .filter_map(|id| Some((id, process(id)?)))
            .filter(|(_, process)| process.parent == parent)
            .map(|(id, process)| (id, process.started))
            .collect()
    }

    /// Waits until none of the processes runs. The kernel ends them, so that
    /// takes no time to speak of.
    fn assert_gone(processes: &[(u32, String)]) {
        wait_for("every process to end", || {
            let runs = |(id, started): &(u32, String)| {
                // A zombie has ended; it waits for init to take note.
                process(*id).is_some_and(|p| p.started == *started && p.state != "Z")
            };
            (!processes.iter().any(runs)).then_some(())
        });
    }

    struct Process {
        state: String,
        parent: String,
        started: String,
    }

    /// Reads `/proc/ID/stat`, whose fields `proc_pid_stat(5)` numbers from 1.
    fn process(id: u32) -> Option<Process> {
        let mut stat = String::new();
        fs::File::open(format!("/proc/{id}/stat")).ok()?.read_to_string(&mut stat).ok()?;
        // The second field is a name in parentheses, with anything in it.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).map(|field| (*field).to_owned());
        Some(Process { state: field(3)?, parent: field(4)?, started: field(22)? })
    }
}
