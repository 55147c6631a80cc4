//! Reader of policies' answers, as a function of bytes.

use crate::answer;
use crate::limits::Limits;
use crate::records::{Finding, Severity, Subject};

/// An answer whose texts are the bytes, cut at bars: what comes out is within the limits, and
/// safe to print.
///
/// # Panics
/// Where it is not.
pub fn answer(bytes: &[u8]) {
    let limits = Limits::default();
    let texts: Vec<String> = bytes
        .split(|byte| *byte == b'|')
        .map(|text| String::from_utf8_lossy(text).into())
        .collect();
    let finding = |texts: &[String]| Finding {
        severity: Severity::Deny,
        code: texts[0].clone(),
        message: texts.get(1).cloned().unwrap_or_default(),
        subjects: texts.iter().skip(2).cloned().map(Subject::Service).collect(),
        hint: texts.get(2).cloned(),
    };
    let findings = texts.chunks(4).map(finding).collect();
    let Ok(findings) = answer::read(Ok(findings), &limits) else { return };
    for finding in findings {
        let texts = [Some(finding.code), Some(finding.message), finding.hint];
        for text in texts.into_iter().flatten() {
            // What is made visible takes ten bytes at most, and what was cut a few words.
            assert!(text.len() <= 10 * limits.text + 64, "{} bytes", text.len());
            let hidden = |letter: char| letter.is_control() || letter == '\u{202e}';
            assert!(!text.contains(hidden), "{text:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_made_visible() {
        let many = |byte: u8| vec![byte; 100_000];
        let long = [&b"code|"[..], &many(0xc3), b"|\x1b[31m|\xe2\x80\xae"].concat();
        for bytes in [Vec::new(), b"a|b|c|d|e".to_vec(), long, many(0), many(0x1b)] {
            answer(&bytes);
        }
    }
}
