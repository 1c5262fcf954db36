//! The parts of a workbook's archive: finding them, and the tags and attributes of their XML.

use std::borrow::Cow;
use std::io::{BufReader, Cursor, Read};
use std::str::FromStr;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::archive::{Rejection, damaged};

pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Calls `each` with every start tag of a part; does nothing if there is no such part.
pub(super) fn for_each_tag(
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
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
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

/// Returns the number in an attribute.
pub(super) fn number<N: FromStr>(tag: &BytesStart<'_>, name: &str) -> Option<N> {
    attribute(tag, name)?.trim().parse().ok()
}
