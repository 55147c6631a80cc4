//! Readings of clocks and random numbers, as a policy gets them.

use std::collections::HashMap;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

unsafe extern "C" {
    /// Secure random numbers of wasi-libc.
    fn getentropy(buffer: *mut u8, length: usize) -> i32;
}

pub fn all() -> Vec<String> {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let start = Instant::now();
    let passed = start.elapsed();
    let order: Vec<u32> =
        (0..100).map(|n| (n, ())).collect::<HashMap<_, _>>().into_keys().collect();
    let mut secure = [0; 16];
    // SAFETY: the buffer is as long as it says.
    let status = unsafe { getentropy(secure.as_mut_ptr(), secure.len()) };
    vec![
        format!("wall clock: {} s", wall.as_secs()),
        format!("monotonic clock: {start:?}, then {passed:?} later"),
        format!("order of a map: {order:?}"),
        format!("secure random: {secure:?} ({status})"),
    ]
}
