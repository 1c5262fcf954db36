//! What a sheet says apart from its cells: which rows and columns it hides, by a filter or by hand, and which cells are merged.
//!
//! calamine does not say what is hidden, and reads the whole sheet once more to find merged cells, so one pass finds both.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};
use std::ops::RangeInclusive;
use std::str::FromStr;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::archive::{Rejection, damaged};
use super::cell;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONSHIPS: &str = "xl/_rels/workbook.xml.rels";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// What a sheet hides, counted from 1, and what it merges, counted from 0.
#[derive(Debug, Default)]
pub(super) struct SheetProperties {
    /// In order.
    pub(super) hidden_rows: Vec<u64>,
    pub(super) hidden_columns: Vec<RangeInclusive<usize>>,
    /// For the first cell of each area that is merged over several rows, the last row.
    pub(super) merged: HashMap<(u32, u32), u32>,
}

impl SheetProperties {
    /// Reads the properties of `sheet`. If the sheet's part is not found, there are none.
    pub(super) fn of(bytes: &[u8], sheet: &str) -> Result<Self, Rejection> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        let mut properties = Self::default();
        let Some(part) = sheet_part(&mut archive, sheet)? else {
            return Ok(properties);
        };
        let mut row = 0;
        for_each_tag(&mut archive, &part, |tag| match tag.local_name().as_ref() {
            "row" => {
                row = number(tag, "r").unwrap_or(row + 1);
                if is_hidden(tag, "ht") {
                    properties.hidden_rows.push(row);
                }
            }
            "col" if is_hidden(tag, "width") => {
                let ends = number(tag, "min").zip(number(tag, "max"));
                let columns = ends.map(|(first, last)| first..=last);
                properties.hidden_columns.extend(columns);
            }
            "mergeCell" => properties.merged.extend(merged_rows(tag)),
            _ => {}
        })?;
        properties.hidden_rows.sort_unstable();
        properties.hidden_rows.dedup();
        Ok(properties)
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

/// Returns the number in an attribute.
fn number<N: FromStr>(tag: &BytesStart<'_>, name: &str) -> Option<N> {
    attribute(tag, name)?.trim().parse().ok()
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
    let mut target = None;
    for_each_tag(archive, RELATIONSHIPS, |tag| {
        if tag.local_name().as_ref() == "Relationship" && attribute(tag, "Id") == id {
            target = attribute(tag, "Target");
        }
    })?;
    Ok(target
        .filter(|_| id.is_some())
        .map(|target| match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        }))
}

/// Calls `each` with every start tag of a part; does nothing if there is no such part.
fn for_each_tag(
    archive: &mut Archive<'_>,
    part: &str,
    mut each: impl FnMut(&BytesStart<'_>),
) -> Result<(), Rejection> {
    let Some(part) = find_part(archive, part) else {
        return Ok(());
    };
    let mut xml = Reader::from_reader(BufReader::new(part));
    // As calamine reads it.
    xml.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => each(&tag),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(damaged(&error)),
        }
    }
}

/// Finds a part by its name, in any case, as spreadsheets do.
fn find_part<'a, 'b>(archive: &'a mut Archive<'b>, name: &str) -> Option<impl Read + use<'a, 'b>> {
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    let index = (0..archive.len()).find(|index| {
        let part = archive.by_index_raw(*index);
        part.is_ok_and(|part: ZipFile<'_, _>| part.name().is_ok_and(|other| same(&other)))
    })?;
    archive.by_index(index).ok()
}

/// Returns the value of an attribute, whatever its prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let mut found = attributes
        .flatten()
        .filter(|attribute| attribute.key.local_name().as_ref() == name);
    let value = found.next()?;
    value
        .normalized_value(XmlVersion::Implicit1_0)
        .ok()
        .map(Cow::into_owned)
}
