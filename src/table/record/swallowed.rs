//! Finds rows inside a quoted field: a quote that is missing in one row and another in a later row make a file that is
//! well-formed, and has fewer people.

use crate::table::position::line_breaks;

/// What the rows of a file look like.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    columns: usize,
    /// The columns up to the last one with a name.
    required: usize,
    /// There is a space after each delimiter, so a field may start with one.
    is_spaced: bool,
    is_quoted: bool,
}

impl Layout {
    /// Returns the layout of a file whose first record has these fields. `is_quoted` if all of them are in quotes.
    pub(super) fn of(fields: &[&str], is_quoted: bool) -> Self {
        let mut others = fields.iter().skip(1);
        let last = fields.iter().rposition(|name| !name.trim().is_empty());
        Self {
            columns: fields.len(),
            required: last.map_or(0, |last| last + 1),
            is_spaced: fields.len() > 1 && others.all(|name| name.starts_with(' ')),
            is_quoted,
        }
    }

    /// Returns whether every field of a row is in quotes. Then a field of another row could only be swallowed with quotes
    /// of its own, which would end the field that swallows it.
    pub(super) fn quotes_all(self) -> bool {
        self.is_quoted && self.columns > 1
    }

    /// Returns the line of a row inside a quoted field, and the line where the field starts. They are counted from the first
    /// line of the record. `is_first` if it is the first record, which usually has no address.
    pub(super) fn swallowed_row(
        self,
        fields: &[&str],
        delimiter: u8,
        is_first: bool,
    ) -> Option<(u64, u64)> {
        let delimiter = char::from(delimiter);
        let mut opened = 0;
        for (index, field) in fields.iter().enumerate() {
            let breaks = line_breaks(field.as_bytes());
            if breaks > 0
                && let Some(row) = self.row_in(fields, index, delimiter, is_first)
            {
                return Some((opened + row, opened));
            }
            opened += breaks;
        }
        None
    }

    /// Returns the line of the field with this index that looks like a row or a part of one, counted from the first line of
    /// the field.
    fn row_in(self, fields: &[&str], index: usize, delimiter: char, is_first: bool) -> Option<u64> {
        let mut lines: Vec<Vec<&str>> = lines(fields[index])
            .map(|line| line.split(delimiter).collect())
            .collect();
        let number = |at: usize| u64::try_from(at).unwrap_or(0);
        if self.columns == 1 {
            let is_address = |line: &Vec<&str>| line.iter().any(|text| is_like_address(text));
            let last = lines.iter().rposition(is_address)?;
            return lines[..last].iter().any(is_address).then_some(number(last));
        }
        // If rows were swallowed, one line has the rest of a row, and the next one the start of another, at least up to the field
        // that the quote closes.
        let end = lines.len() - 1;
        let is_blank = |line: &Vec<&str>| line.iter().all(|piece| piece.trim().is_empty());
        let written = lines.iter().enumerate();
        let written = written.filter(|(at, line)| [0, end].contains(at) || !is_blank(line));
        let written: Vec<_> = written.collect();
        let rest = self.required.saturating_sub(index);
        let may_be_rows = written
            .windows(2)
            .filter(|pair| pair[0].1.len() >= rest && pair[1].1.len() > index);
        let address = may_be_rows
            .flatten()
            .find(|(_, line)| self.has_address(line));
        if let Some((at, _)) = address {
            return Some(number(*at));
        }
        // Without an address next to a delimiter, rows are recognized by their number of fields. In text, it is the same in
        // each line only by chance.
        lines
            .first_mut()?
            .splice(..0, fields[..index].iter().copied());
        lines.last_mut()?.extend(&fields[index + 1..]);
        let are_rows = lines.iter().all(|line| line.len() == self.columns);
        let has_address_column = || {
            let mut columns = 0..self.columns;
            columns.any(|column| {
                lines.iter().any(|line| is_like_address(line[column]))
                    && (is_first || lines.iter().any(|line| line[column].trim().is_empty()))
            })
        };
        (are_rows && (self.columns > 2 || has_address_column())).then_some(1)
    }

    /// Returns whether a line has an address next to a delimiter, as in a row and not as in a sentence.
    fn has_address(self, pieces: &[&str]) -> bool {
        pieces.len() > 1
            && pieces.iter().enumerate().any(|(index, piece)| {
                let is_after = index > 0 && !piece.starts_with(' ');
                let next = pieces.get(index + 1);
                let is_before = next.is_some_and(|next| !next.starts_with(' '));
                (self.is_spaced || is_after || is_before) && is_like_address(piece)
            })
    }
}

/// Splits `text` at its line breaks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .flat_map(|line| line.split('\r'))
}

/// Returns whether `text` is probably meant as an address, even if it is not valid.
fn is_like_address(text: &str) -> bool {
    let text = text.trim();
    let parts = text.split_once('@');
    parts.is_some_and(|(user, domain)| !user.is_empty() && !domain.is_empty())
        && !text.contains(char::is_whitespace)
}
