//! Finds names that occur with several addresses in a plan, with 9 to 18 bytes of memory for each name.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The bits of the address in a [`NameAndEmail`]. With the others, a million names have a false match in one of 30 plans.
const EMAIL_BITS: u32 = 20;

/// The names of a plan, each with its first address.
#[derive(Debug, Default)]
pub(super) struct SharedNames(HashSet<NameAndEmail>);

/// The hash of a name, and in its lowest bits that of an address. Those with the same name are equal.
#[derive(Clone, Copy, Debug)]
struct NameAndEmail(u64);

impl SharedNames {
    /// Adds the name of a candidate. Returns whether it is that of an earlier candidate with another address. A single word is
    /// not: many people have the same first name.
    pub(super) fn add(&mut self, name: &str, email: &str) -> bool {
        if !name.contains(' ') {
            return false;
        }
        let found = NameAndEmail::new(name, email);
        let first = self.0.get(&found).copied();
        // A name that is known keeps its first address.
        self.0.insert(found);
        first.is_some_and(|first| first.0 != found.0)
    }
}

impl NameAndEmail {
    fn new(name: &str, email: &str) -> Self {
        let name = hash(&name.to_lowercase()) >> EMAIL_BITS << EMAIL_BITS;
        let email = hash(&email.to_ascii_lowercase()) >> (u64::BITS - EMAIL_BITS);
        Self(name | email)
    }

    fn name(self) -> u64 {
        self.0 >> EMAIL_BITS
    }
}

impl PartialEq for NameAndEmail {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for NameAndEmail {}

impl Hash for NameAndEmail {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.name().hash(hasher);
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
