//! Flags with their values, as the command line has them.

/// A flag, and what it is to serve: `tax-call=on`.
pub(super) fn flag_value(text: &str) -> Result<(String, String), String> {
    let (flag, value) = text.split_once('=').ok_or("expected FLAG=VALUE")?;
    if flag.is_empty() || value.is_empty() {
        return Err("expected FLAG=VALUE".to_owned());
    }
    Ok((flag.to_owned(), value.to_owned()))
}
