//! Times and sizes as people read them.

/// A time of microseconds in three digits and the unit that fits: `81.2 ms`.
pub(super) fn time(microseconds: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let (milliseconds, seconds) = (microseconds as f64 / 1e3, microseconds as f64 / 1e6);
    match microseconds {
        0..1_000 => format!("{microseconds} µs"),
        1_000..10_000 => format!("{milliseconds:.2} ms"),
        10_000..100_000 => format!("{milliseconds:.1} ms"),
        100_000..1_000_000 => format!("{milliseconds:.0} ms"),
        _ => format!("{seconds:.2} s"),
    }
}

/// Bytes in the unit that fits: `34 MiB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes.div_ceil(1_024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}

/// Bytes that were counted, to a tenth of the unit that fits: `1.2 MiB`.
#[must_use]
pub fn weight(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let (kib, mib) = (bytes as f64 / 1_024.0, bytes as f64 / 1_048_576.0);
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{kib:.1} KiB"),
        _ => format!("{mib:.1} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        let times = [7, 812, 1_234, 81_250, 812_500, 5_000_000].map(time);
        assert_eq!(times, ["7 µs", "812 µs", "1.23 ms", "81.2 ms", "812 ms", "5.00 s"]);
        assert_eq!([12, 70_000, 34 << 20].map(size), ["12 B", "69 KiB", "34 MiB"]);
        assert_eq!([12, 70_000, 1_258_291].map(weight), ["12 B", "68.4 KiB", "1.2 MiB"]);
    }
}
