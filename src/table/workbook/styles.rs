//! What the styles of a workbook say about cells: which are struck through, and which numbers are shown in another form.
//!
//! calamine uses the styles only to find dates.

use quick_xml::events::BytesStart;

use super::archive::Rejection;
use super::parts::{Archive, attribute, for_each_tag, number};

const STYLES: &str = "xl/styles.xml";

/// The formats of numbers that every workbook has, and that show percent.
const PERCENT: [u32; 2] = [9, 10];

/// The styles of a workbook, by the numbers that cells have for them.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<CellStyle>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CellStyle {
    pub(super) is_struck: bool,
    pub(super) number: NumberStyle,
}

/// How a number is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum NumberStyle {
    #[default]
    Plain,
    /// With all digits of a format such as `00000` or `000-00-0000`.
    Digits(String),
    Percent,
}

impl Styles {
    pub(super) fn read(archive: &mut Archive<'_>) -> Result<Self, Rejection> {
        let mut section = String::new();
        let (mut formats, mut fonts, mut styles) = (Vec::new(), Vec::new(), Vec::new());
        for_each_tag(archive, STYLES, |tag| {
            let name = tag.local_name();
            match (section.as_str(), name.as_ref()) {
                ("numFmts", "numFmt") => formats.extend(number_format(tag)),
                ("fonts", "font") => fonts.push(false),
                ("fonts", "strike") => {
                    if let Some(is_struck) = fonts.last_mut() {
                        *is_struck =
                            !matches!(attribute(tag, "val").as_deref(), Some("0" | "false"));
                    }
                }
                ("cellXfs", "xf") => {
                    let font = number(tag, "fontId").and_then(|id: usize| fonts.get(id));
                    let format: u32 = number(tag, "numFmtId").unwrap_or_default();
                    let known = formats.iter().find(|(id, _)| *id == format);
                    styles.push(CellStyle {
                        is_struck: font.copied().unwrap_or_default(),
                        number: match known {
                            Some((_, style)) => NumberStyle::clone(style),
                            None if PERCENT.contains(&format) => NumberStyle::Percent,
                            None => NumberStyle::Plain,
                        },
                    });
                }
                (
                    _,
                    part @ ("numFmts" | "fonts" | "fills" | "borders" | "cellStyleXfs" | "cellXfs"
                    | "cellStyles" | "dxfs"),
                ) => part.clone_into(&mut section),
                _ => {}
            }
        })?;
        Ok(Self(styles))
    }

    /// Returns whether all cells are shown as they are read.
    pub(super) fn are_plain(&self) -> bool {
        self.0.iter().all(|style| *style == CellStyle::default())
    }

    /// Returns the style with a number, unless it is shown as it is read.
    pub(super) fn get(&self, number: u32) -> Option<&CellStyle> {
        let style = self.0.get(number as usize);
        style.filter(|style| **style != CellStyle::default())
    }
}

/// Returns the number of a format, and how it shows numbers.
fn number_format(tag: &BytesStart<'_>) -> Option<(u32, NumberStyle)> {
    let code = attribute(tag, "formatCode")?;
    // The other sections are for negative numbers, zero and text.
    let digits = code.split(';').next()?.replace(['\\', '"'], "");
    let is_digits =
        digits.matches('0').count() > 1 && digits.chars().all(|c| matches!(c, '0' | '-' | ' '));
    let is_percent = digits.ends_with('%')
        && digits
            .chars()
            .all(|c| matches!(c, '0' | '#' | '.' | ',' | ' ' | '%'));
    let style = match (is_digits, is_percent) {
        (true, _) => NumberStyle::Digits(digits),
        (_, true) => NumberStyle::Percent,
        _ => return None,
    };
    Some((number(tag, "numFmtId")?, style))
}
