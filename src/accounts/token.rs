//! Secrets that are handed out once: 256 random bits, of which only a hash is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};

/// Letters of a token: 32 bytes in base64url.
const LETTERS: usize = 43;

/// 256 random bits as they stand in a URL or a cookie.
pub(super) fn random() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a token; 256 bits need no slow hash (ASVS 6.5.2). `None` when it cannot be one of ours.
pub(super) fn hash(token: &str) -> Option<String> {
    let shaped = token.len() == LETTERS && URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes.len() == 32);
    shaped.then(|| hex::encode(Sha256::digest(token.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_shape_of_a_token_is_looked_up() {
        let token = random();
        assert_eq!(hash(&token).unwrap().len(), 64);
        assert_ne!(random(), token);
        for bad in ["", "a", &token[1..], &format!("{token}="), &token.replace(|_: char| true, "!")] {
            assert_eq!(hash(bad), None, "{bad}");
        }
    }
}
