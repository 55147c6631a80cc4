//! Resource quantities in the form in which the API server answers them.

use serde_json::Value;

use super::Kind;

/// Rewrites every quantity of the object as the server would.
pub(super) fn normalise(kind: Kind, object: &mut Value) {
    if let Some(pod) =
        kind.template_path().and_then(|path| object.pointer_mut(path)?.get_mut("spec"))
    {
        for list in ["containers", "initContainers"] {
            for container in pod.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                normalise_resources(container);
                for variable in
                    container.get_mut("env").and_then(Value::as_array_mut).into_iter().flatten()
                {
                    normalise_at(variable, "/valueFrom/resourceFieldRef/divisor");
                }
            }
        }
        for volume in pod.get_mut("volumes").and_then(Value::as_array_mut).into_iter().flatten() {
            normalise_at(volume, "/emptyDir/sizeLimit");
            if let Some(claim) = volume.pointer_mut("/ephemeral/volumeClaimTemplate/spec") {
                normalise_resources(claim);
            }
        }
    }
    for claim in object
        .pointer_mut("/spec/volumeClaimTemplates")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(spec) = claim.get_mut("spec") {
            normalise_resources(spec);
        }
    }
}

fn normalise_resources(owner: &mut Value) {
    for bound in ["/resources/limits", "/resources/requests"] {
        for (_, quantity) in
            owner.pointer_mut(bound).and_then(Value::as_object_mut).into_iter().flatten()
        {
            *quantity = canonical(quantity);
        }
    }
}

fn normalise_at(owner: &mut Value, pointer: &str) {
    if let Some(quantity) = owner.pointer_mut(pointer) {
        *quantity = canonical(quantity);
    }
}

fn canonical(quantity: &Value) -> Value {
    let text = match quantity {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return other.clone(),
    };
    canonical_text(&text).map_or_else(|| Value::String(text.clone()), Value::String)
}

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

/// The canonical form: no fraction, the largest suffix that loses nothing,
/// the same family of suffixes. `None` where the text is no quantity, or one
/// beyond 128 bits of nanos, which stays as written.
fn canonical_text(text: &str) -> Option<String> {
    let split = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '+' | '-'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(split);
    if let Some((_, bits)) = BINARY.into_iter().find(|(name, _)| *name == suffix) {
        let units = scaled(number, 9)?.checked_mul(1 << bits)?;
        // The server rounds what is smaller than a nano up; none is that small.
        if units % 1_000_000_000 != 0 {
            return Some(decimal(units));
        }
        let bytes = units / 1_000_000_000;
        return Some(binary(bytes));
    }
    let exponent = match DECIMAL.into_iter().find(|(name, _)| *name == suffix) {
        Some((_, exponent)) => exponent,
        None => suffix.strip_prefix(['e', 'E'])?.parse().ok()?,
    };
    let nanos = scaled(number, 9 + exponent)?;
    Some(decimal(nanos))
}

/// `number` × 10^`exponent`, where that is whole.
fn scaled(number: &str, exponent: i32) -> Option<i128> {
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
    let value: i128 = format!("{whole}{fraction}").parse().ok()?;
    let value = value.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?;
    Some(if negative { -value } else { value })
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

fn binary(bytes: i128) -> String {
    let best = BINARY.into_iter().rev().find(|(_, bits)| bytes != 0 && bytes % (1 << bits) == 0);
    match best {
        Some((suffix, bits)) => format!("{}{suffix}", bytes / (1 << bits)),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("128974848", "128974848"),
            ("129e6", "129M"),
            ("0", "0"),
            (".5", "500m"),
            ("0.1Ki", "102400m"),
        ] {
            assert_eq!(canonical_text(written).as_deref(), Some(answered), "{written}");
        }
        assert_eq!(canonical_text("lots"), None);
        assert_eq!(canonical_text(""), None);
    }
}
