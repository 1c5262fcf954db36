//! What a sheet says apart from its cells: which rows and columns it hides, by a filter or by hand, which cells are merged, how
//! cells look, and the addresses that they link to.
//!
//! calamine does not say what is hidden, and reads the whole sheet once more to find merged cells, so one pass finds all.

use std::collections::HashMap;
use std::io::Cursor;
use std::ops::RangeInclusive;

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::archive::{Rejection, damaged};
use super::cell;
use super::parts::{Archive, attribute, for_each_tag, number};
use super::styles::{CellStyle, Styles};
use crate::people::parse_mailto;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONSHIPS: &str = "xl/_rels/workbook.xml.rels";

/// What a sheet hides, counted from 1, and what it merges, counted from 0.
#[derive(Debug, Default)]
pub(super) struct SheetProperties {
    /// In order.
    pub(super) hidden_rows: Vec<u64>,
    pub(super) hidden_columns: Vec<RangeInclusive<usize>>,
    /// For the first cell of each area that is merged over several rows, the last row.
    pub(super) merged: HashMap<(u32, u32), u32>,
    styles: Styles,
    /// The numbers of the styles of cells that look different from how they are read, in the order of the cells.
    styled: Vec<((u32, u32), u32)>,
    /// The address that a cell links to.
    links: HashMap<(u32, u32), String>,
}

impl SheetProperties {
    /// Reads the properties of `sheet`. If the sheet's part is not found, there are none.
    pub(super) fn of(bytes: &[u8], sheet: &str) -> Result<Self, Rejection> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        let mut properties = Self::default();
        let Some(part) = sheet_part(&mut archive, sheet)? else {
            return Ok(properties);
        };
        properties.styles = Styles::read(&mut archive)?;
        let has_styles = !properties.styles.are_plain();
        let (mut row, mut column) = (0, 0);
        let mut links = Vec::new();
        for_each_tag(&mut archive, &part, |tag| match tag.local_name().as_ref() {
            "row" => {
                row = number(tag, "r").unwrap_or(row + 1);
                column = 0;
                if is_hidden(tag, "ht") {
                    properties.hidden_rows.push(row);
                }
            }
            "col" if is_hidden(tag, "width") => {
                let ends = number(tag, "min").zip(number(tag, "max"));
                let columns = ends.map(|(first, last)| first..=last);
                properties.hidden_columns.extend(columns);
            }
            "c" if has_styles => {
                let named = attribute(tag, "r").and_then(|name| cell::position(&name));
                let next = || Some((u32::try_from(row).ok()?.checked_sub(1)?, column));
                let style = number(tag, "s").filter(|it| properties.styles.get(*it).is_some());
                if let Some(cell) = named.or_else(next) {
                    column = cell.1.saturating_add(1);
                    properties.styled.extend(style.map(|style| (cell, style)));
                }
            }
            "hyperlink" => {
                let cell = attribute(tag, "ref").and_then(|name| cell::position(&name));
                links.extend(cell.zip(attribute(tag, "id")));
            }
            "mergeCell" => properties.merged.extend(merged_rows(tag)),
            _ => {}
        })?;
        properties.hidden_rows.sort_unstable();
        properties.hidden_rows.dedup();
        if !links.is_empty() {
            let targets = relationships(&mut archive, &relationships_of(&part))?;
            let addresses = links.into_iter().filter_map(|(cell, id)| {
                let address = parse_mailto(targets.get(&id)?)?;
                Some((cell, address))
            });
            properties.links = addresses.collect();
        }
        Ok(properties)
    }

    /// Returns how a cell looks, unless it looks as it is read.
    pub(super) fn style(&self, cell: (u32, u32)) -> Option<&CellStyle> {
        let found = self.styled.binary_search_by_key(&cell, |(cell, _)| *cell);
        let (_, style) = self.styled.get(found.ok()?)?;
        self.styles.get(*style)
    }

    /// Returns the address that a cell links to.
    pub(super) fn link(&self, cell: (u32, u32)) -> Option<&str> {
        self.links.get(&cell).map(String::as_str)
    }
}

/// Returns whether a row or column is hidden, or has the `size` 0, which looks the same.
fn is_hidden(tag: &BytesStart<'_>, size: &str) -> bool {
    let is_hidden = attribute(tag, "hidden");
    matches!(is_hidden.as_deref(), Some("1" | "true" | "on"))
        || number(tag, size).is_some_and(|size: f64| size <= 0.0)
}

/// Returns the first cell of a merged area and its last row, if they are in different rows.
fn merged_rows(tag: &BytesStart<'_>) -> Option<((u32, u32), u32)> {
    let area = attribute(tag, "ref")?;
    let (first, last) = area.split_once(':')?;
    let (first, last) = (cell::position(first)?, cell::position(last)?);
    (last.0 > first.0).then_some((first, last.0))
}

/// Returns the name of the part of `sheet`.
fn sheet_part(archive: &mut Archive<'_>, sheet: &str) -> Result<Option<String>, Rejection> {
    let mut id = None;
    for_each_tag(archive, WORKBOOK, |tag| {
        if tag.local_name().as_ref() == "sheet" && attribute(tag, "name").as_deref() == Some(sheet)
        {
            id = attribute(tag, "id");
        }
    })?;
    let Some(id) = id else {
        return Ok(None);
    };
    let target = relationships(archive, RELATIONSHIPS)?.remove(&id);
    Ok(target.map(|target| match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    }))
}

/// Reads the targets of a part's relationships, by their ids.
fn relationships(
    archive: &mut Archive<'_>,
    part: &str,
) -> Result<HashMap<String, String>, Rejection> {
    let mut targets = HashMap::new();
    for_each_tag(archive, part, |tag| {
        if tag.local_name().as_ref() == "Relationship" {
            targets.extend(attribute(tag, "Id").zip(attribute(tag, "Target")));
        }
    })?;
    Ok(targets)
}

/// Returns the name of the part with the relationships of `part`.
fn relationships_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{name}.rels")
}
