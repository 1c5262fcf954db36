//! The shapes of the maps that functions return: their keys, with types and meanings.
//!
//! The functions build their maps from the same tables, and the reference, completion and `check` work from them, so they
//! cannot disagree.

/// The keys of a map that functions return, alone or as the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultShape {
    /// What the map describes, with its article: `a session`.
    pub noun: &'static str,
    /// The type in scripts: `map`, or `Row` for a row of a file, whose columns are not known here.
    pub kind: &'static str,
    /// The keys, in the order in which they are documented.
    pub keys: &'static [ResultKey],
    /// Where other keys come from; `None` if there are no others.
    pub others: Option<&'static str>,
}

/// A key of a map that functions return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultKey {
    /// The key.
    pub name: &'static str,
    /// The type of its value in scripts; it may also be `()`.
    pub kind: &'static str,
    /// The keys of the map that it is, or of the maps in it.
    pub shape: Option<&'static ResultShape>,
    /// What the value means, without a full stop.
    pub doc: &'static str,
}

/// A row of a file.
pub(in crate::script) const FILE_ROW: ResultShape = ResultShape {
    noun: "a row of the file",
    kind: "Row",
    keys: &[],
    others: Some("the columns of the file"),
};

impl ResultShape {
    /// Describes maps with exactly these keys.
    pub(in crate::script) const fn closed(noun: &'static str, keys: &'static [ResultKey]) -> Self {
        Self {
            noun,
            kind: "map",
            keys,
            others: None,
        }
    }

    /// Describes maps with these keys, and whatever else the API sends.
    pub(in crate::script) const fn open(noun: &'static str, keys: &'static [ResultKey]) -> Self {
        Self::closed(noun, keys).with_others("whatever else the API sends")
    }

    /// Says where other keys come from.
    pub(in crate::script) const fn with_others(self, others: &'static str) -> Self {
        Self {
            others: Some(others),
            ..self
        }
    }

    /// Returns the key called `name`.
    pub fn key(&self, name: &str) -> Option<&'static ResultKey> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Returns the heading of a list of the keys.
    pub fn heading(&self) -> String {
        match self.others {
            Some(others) => format!("Keys of {}, and {others}", self.noun),
            None => format!("Keys of {}", self.noun),
        }
    }
}

impl ResultKey {
    pub(in crate::script) const fn new(
        name: &'static str,
        kind: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            shape: None,
            doc,
        }
    }

    /// Sets the keys of the map, or of the maps in the array.
    pub(in crate::script) const fn of(self, shape: &'static ResultShape) -> Self {
        Self {
            shape: Some(shape),
            ..self
        }
    }
}

/// Joins two lists of keys, which have `N` keys together.
pub(in crate::script) const fn join_keys<const N: usize>(
    first: &[ResultKey],
    second: &[ResultKey],
) -> [ResultKey; N] {
    assert!(first.len() + second.len() == N);
    let mut keys = [ResultKey::new("", "", ""); N];
    let mut at = 0;
    while at < N {
        keys[at] = if at < first.len() {
            first[at]
        } else {
            second[at - first.len()]
        };
        at += 1;
    }
    keys
}
