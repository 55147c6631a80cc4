//! Numbers with the things they count.

/// `1 image`, `3 images`, `10,000 images`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// The counts that are not zero.
pub(super) fn listed(
    counts: impl IntoIterator<Item = (usize, &'static str, &'static str)>,
) -> Vec<String> {
    counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect()
}

/// The number with commas between thousands.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_what_they_count() {
        assert_eq!(counted(1, "image", "images"), "1 image");
        assert_eq!(counted(999, "image", "images"), "999 images");
        assert_eq!(counted(1_234_567, "image", "images"), "1,234,567 images");
        assert_eq!(listed([(0, "a", "as"), (2, "b", "bs")]), ["2 bs"]);
    }
}
