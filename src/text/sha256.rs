//! The SHA-256 of a text, which identifies it.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};

/// Returns the SHA-256 in hexadecimal digits, as `sha256sum` prints it.
pub(crate) fn sha256(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn the_digits_are_those_of_the_published_example() {
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
