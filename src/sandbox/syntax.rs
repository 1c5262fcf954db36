//! What ids and addresses look like.

/// Returns the id in lower case if it has the form of a UUID.
pub(crate) fn parse_uuid(text: &str) -> Option<String> {
    let well_formed = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    well_formed.then(|| text.to_ascii_lowercase())
}

/// Makes a version 4 UUID from 128 bits.
pub(crate) fn uuid_v4_from_bits(bits: u128) -> String {
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// Tells whether the text can be an email address; strict enough that a rehearsal finds a slip.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let unfit = |c: char| c.is_whitespace() || c.is_control() || "@,;:<>()[]\"\\".contains(c);
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    text.len() <= 254
        && !text.contains(|c| unfit(c) && c != '@')
        && !local.contains('@')
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain
            .split('.')
            .all(|label| !label.starts_with('-') && !label.ends_with('-'))
}
