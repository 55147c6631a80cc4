//! A scaler: somebody who writes replicas all the time, as an autoscaler does.

use std::sync::atomic::{AtomicBool, Ordering};

use end_to_end::Namespace;

/// Ends the scaling, where the test fails as well: it would be waited for.
struct Ends<'a>(&'a AtomicBool);
impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Works while workloads of a namespace are scaled without pause, and returns how often they were.
pub(crate) fn while_scaled(place: &Namespace, workloads: &[&str], work: impl FnOnce()) -> usize {
    let stop = AtomicBool::new(false);
    let scale = |count: usize| {
        let replicas = format!("--replicas={}", 1 + count % 3);
        let command = ["scale"].into_iter().chain(workloads.iter().copied());
        place.kubectl(command.chain([replicas.as_str()])).succeeds();
    };
    std::thread::scope(|scope| {
        let scaler = scope.spawn(|| {
            let mut count = 0;
            while !stop.load(Ordering::Relaxed) {
                scale(count);
                count += 1;
            }
            count
        });
        let ends = Ends(&stop);
        work();
        drop(ends);
        scaler.join().expect("it scales")
    })
}
