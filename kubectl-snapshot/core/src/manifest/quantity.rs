//! Resource quantities in the form in which the API server answers them.

use serde_json::Value;

use super::Kind;

/// Rewrites every quantity of the object as the server would.
pub(super) fn normalise(kind: Kind, object: &mut Value) {
    if let Some(pod) =
        kind.template_path().and_then(|path| object.pointer_mut(path)?.get_mut("spec"))
    {
        normalise_pod(pod);
    }
    for claim in elements(object, "/spec/volumeClaimTemplates") {
        normalise_resources(claim, "/spec/resources");
    }
}

fn normalise_pod(pod: &mut Value) {
    normalise_resources(pod, "/resources");
    normalise_list(pod, "/overhead");
    for list in ["/containers", "/initContainers"] {
        for container in elements(pod, list) {
            normalise_resources(container, "/resources");
            elements(container, "/env")
                .for_each(|entry| normalise_at(entry, "/valueFrom/resourceFieldRef/divisor"));
        }
    }
    for volume in elements(pod, "/volumes") {
        normalise_at(volume, "/emptyDir/sizeLimit");
        normalise_resources(volume, "/ephemeral/volumeClaimTemplate/spec/resources");
        normalise_divisors(volume, "/downwardAPI/items");
        elements(volume, "/projected/sources")
            .for_each(|source| normalise_divisors(source, "/downwardAPI/items"));
    }
}

fn normalise_divisors(owner: &mut Value, items: &str) {
    elements(owner, items).for_each(|item| normalise_at(item, "/resourceFieldRef/divisor"));
}

fn normalise_resources(owner: &mut Value, resources: &str) {
    for bound in ["limits", "requests"] {
        normalise_list(owner, &format!("{resources}/{bound}"));
    }
}

/// Amounts of resources, which the server rounds up to thousandths.
fn normalise_list(owner: &mut Value, pointer: &str) {
    for (_, quantity) in
        owner.pointer_mut(pointer).and_then(Value::as_object_mut).into_iter().flatten()
    {
        *quantity = canonical(quantity, MILLI);
    }
}

fn normalise_at(owner: &mut Value, pointer: &str) {
    if let Some(quantity) = owner.pointer_mut(pointer) {
        *quantity = canonical(quantity, NANO);
    }
}

fn elements<'a>(owner: &'a mut Value, pointer: &str) -> impl Iterator<Item = &'a mut Value> {
    owner.pointer_mut(pointer).and_then(Value::as_array_mut).into_iter().flatten()
}

fn canonical(quantity: &Value, smallest: i128) -> Value {
    let text = match quantity {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return other.clone(),
    };
    Value::String(canonical_text(&text, smallest).unwrap_or(text))
}

/// Smallest unit, in which everything is counted: 10⁻⁹, the server's.
const NANO: i128 = 1;
const MILLI: i128 = 1_000_000;
const ONE: i128 = 1_000_000_000;

/// Powers of ten and of two by suffix, as Kubernetes writes them.
const DECIMAL: [(&str, i32); 10] = [
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];
const BINARY: [(&str, u32); 6] =
    [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// The number of bytes, or of whatever is counted, that a quantity stands for, rounded up; `None`
/// where the text is no quantity, or one below zero or beyond 64 bits.
#[must_use]
pub fn whole(text: &str) -> Option<u64> {
    u64::try_from(ceiling(parse(text)?.nanos, ONE)).ok()
}

/// The canonical form: no fraction, the largest suffix that loses nothing, the
/// same family of suffixes; rounded up to a whole number of `smallest`. `None`
/// where the text is no quantity, or one beyond 128 bits of nanos, which stays
/// as written.
fn canonical_text(text: &str, smallest: i128) -> Option<String> {
    let quantity = parse(text)?;
    let nanos = ceiling(quantity.nanos, smallest).checked_mul(smallest)?;
    // Less than a kibibyte, or a fraction of a byte, is written in decimals.
    let is_binary = quantity.is_binary && nanos % ONE == 0 && (nanos / ONE).abs() >= 1024;
    Some(if is_binary { binary(nanos / ONE) } else { decimal(nanos) })
}

/// A quantity, and the family of its suffix.
struct Quantity {
    nanos: i128,
    is_binary: bool,
}

fn parse(text: &str) -> Option<Quantity> {
    let split = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '+' | '-'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(split);
    if let Some((_, bits)) = BINARY.into_iter().find(|(name, _)| *name == suffix) {
        return Some(Quantity { nanos: scaled(number, 1 << bits, 9)?, is_binary: true });
    }
    let exponent = match DECIMAL.into_iter().find(|(name, _)| *name == suffix) {
        Some((_, exponent)) => exponent,
        None => suffix.strip_prefix(['e', 'E'])?.parse().ok()?,
    };
    Some(Quantity { nanos: scaled(number, 1, exponent.checked_add(9)?)?, is_binary: false })
}

/// `number` × `factor` × 10^`exponent`, rounded up to a whole number.
fn scaled(number: &str, factor: i128, exponent: i32) -> Option<i128> {
    let (negative, digits) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let shift = exponent - i32::try_from(fraction.len()).ok()?;
    let value = format!("{whole}{fraction}").parse::<i128>().ok()?.checked_mul(factor)?;
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let value = if shift < 0 { ceiling(value, power) } else { value.checked_mul(power)? };
    Some(if negative { -value } else { value })
}

/// `value` divided, away from zero.
fn ceiling(value: i128, divisor: i128) -> i128 {
    value / divisor + (value % divisor).signum()
}

fn decimal(nanos: i128) -> String {
    if nanos == 0 {
        return "0".to_owned();
    }
    let mut value = nanos;
    let mut step = 0;
    while value % 1000 == 0 && step + 1 < DECIMAL.len() {
        value /= 1000;
        step += 1;
    }
    format!("{value}{}", DECIMAL[step].0)
}

/// A whole number of bytes, of a kibibyte at least.
fn binary(bytes: i128) -> String {
    let best = BINARY.into_iter().rev().find(|(_, bits)| bytes % (1 << bits) == 0);
    match best {
        Some((suffix, bits)) => format!("{}{suffix}", bytes / (1 << bits)),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Answers of a Kubernetes 1.36 API server.
    #[test]
    fn agrees_with_the_server() {
        for (written, answered) in [
            ("1", "1"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("64Mi", "64Mi"),
            ("1000Ki", "1000Ki"),
            ("1000k", "1M"),
            ("1100m", "1100m"),
            ("128974848", "128974848"),
            ("129e6", "129M"),
            ("1E3", "1k"),
            ("1E", "1E"),
            ("0", "0"),
            ("0Mi", "0"),
            (".5", "500m"),
            ("1.", "1"),
            ("+1", "1"),
            ("0.1Ki", "102400m"),
            ("0.5Ki", "512"),
            ("0.9765625Ki", "1k"),
            ("1023", "1023"),
            ("1e-3", "1m"),
            ("100u", "1m"),
            ("1n", "1m"),
            ("1234567.8915Ki", "1264197520896m"),
        ] {
            assert_eq!(canonical_text(written, MILLI).as_deref(), Some(answered), "{written}");
        }
        assert_eq!(canonical_text("1n", NANO).as_deref(), Some("1n"), "a divisor is not rounded");
        assert_eq!(canonical_text("0.1n", NANO).as_deref(), Some("1n"));
    }

    #[test]
    fn whole_numbers_are_rounded_up() {
        for (text, bytes) in [
            ("256Mi", 256 << 20),
            ("1.5Gi", 3 << 29),
            ("64M", 64_000_000),
            ("1e3", 1_000),
            ("1500m", 2),
            ("0", 0),
        ] {
            assert_eq!(whole(text), Some(bytes), "{text}");
        }
        for text in ["", "Mi", "64MB", "-1", "99999999999Gi"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_stays_as_written() {
        for text in [
            "lots",
            "",
            ".",
            "-",
            "1.2.3",
            "1e",
            "1e99",
            "1e2147483647",
            "1 Gi",
            "1gi",
            "99999999999999999999999999999999999E",
        ] {
            assert_eq!(canonical_text(text, MILLI), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_its_own(number in "-?[0-9]{1,9}(\\.[0-9]{0,9})?", suffix in "[numkMGTP]?|[KMGTP]i|e-?[0-9]") {
            if let Some(once) = canonical_text(&format!("{number}{suffix}"), MILLI) {
                prop_assert_eq!(canonical_text(&once, MILLI), Some(once));
            }
        }
    }
}
