//! Parses doc comments of functions.

/// A parsed doc comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// The first paragraph: one sentence.
    pub summary: String,
    /// The paragraphs after the summary.
    pub description: Vec<String>,
    /// The codes of errors, each with when it is raised.
    pub errors: Vec<DocItem>,
    /// A complete script.
    pub example: String,
}

/// An item of a list, such as "`file`: the file cannot be read".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocItem {
    /// The names before the colon, if there are any.
    pub names: Vec<String>,
    /// The text after the colon.
    pub text: String,
}

/// The section that a line belongs to.
enum Section {
    Description,
    Errors,
    Example,
}

impl Doc {
    /// Parses a comment whose marks are removed.
    pub(in crate::script) fn parse(text: &str) -> Self {
        let mut doc = Self::default();
        let mut section = Section::Description;
        let mut is_code = false;
        let mut paragraphs: Vec<String> = Vec::new();
        let mut continues = false;
        for line in text.lines() {
            if line.starts_with("```") {
                is_code = !is_code;
                continues = false;
            } else if is_code {
                // Rhai's own functions have examples under other headings.
                doc.example.push_str(line);
                doc.example.push('\n');
            } else if let Some(heading) = line.strip_prefix("# ") {
                section = match heading.trim() {
                    "Errors" => Section::Errors,
                    "Example" | "Examples" => Section::Example,
                    _ => Section::Description,
                };
                continues = false;
            } else {
                let line = line.trim();
                match section {
                    Section::Description => add(&mut paragraphs, line, &mut continues),
                    Section::Errors if line != "none" => add_item(&mut doc.errors, line),
                    Section::Errors | Section::Example => {}
                }
            }
        }
        let mut paragraphs = paragraphs.into_iter();
        doc.summary = paragraphs.next().unwrap_or_default();
        doc.description = paragraphs.collect();
        doc.example.truncate(doc.example.trim_end().len());
        doc
    }
}

/// Adds a line to the current paragraph, or starts the next one.
fn add(paragraphs: &mut Vec<String>, line: &str, continues: &mut bool) {
    let is_item = line.starts_with("* ") || line.starts_with("- ");
    match paragraphs.last_mut() {
        _ if line.is_empty() => {}
        Some(paragraph) if *continues && !is_item => append(paragraph, line),
        _ => paragraphs.push(line.to_owned()),
    }
    *continues = !line.is_empty();
}

/// Adds a line to a list: `- ` starts an item, any other line continues it.
fn add_item(items: &mut Vec<DocItem>, line: &str) {
    match (line.strip_prefix("- "), items.last_mut()) {
        (Some(text), _) => items.push(DocItem::parse(text)),
        (None, Some(item)) if !line.is_empty() => append(&mut item.text, line),
        (None, _) => {}
    }
}

fn append(text: &mut String, line: &str) {
    text.push(' ');
    text.push_str(line);
}

impl DocItem {
    /// Parses "`a`, `b`: when" as two names and a text, and anything else as text.
    fn parse(text: &str) -> Self {
        let listed = text.split_once("`: ").and_then(|(names, rest)| {
            let names = names.strip_prefix('`')?.split("`, `");
            Some((names.map(ToOwned::to_owned).collect(), rest.to_owned()))
        });
        let (names, text) = listed.unwrap_or_else(|| (Vec::new(), text.to_owned()));
        Self { names, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(names: &[&str], text: &str) -> DocItem {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        let text = text.to_owned();
        DocItem { names, text }
    }

    #[test]
    fn a_comment_is_parsed() {
        let text = "Reads a file.\n\nFields may be\nquoted.\n\n- `a`: one\n- two\n\n# Errors\n- `file`, `bad_table`: it\n  is: none\n\
                    - those of `read(path)`\n\n# Example\n```rhai\nif a {\n    b();\n}\n```";
        assert_eq!(
            Doc::parse(text),
            Doc {
                summary: "Reads a file.".to_owned(),
                description: ["Fields may be quoted.", "- `a`: one", "- two"]
                    .map(str::to_owned)
                    .to_vec(),
                errors: vec![
                    item(&["file", "bad_table"], "it is: none"),
                    item(&[], "those of `read(path)`"),
                ],
                example: "if a {\n    b();\n}".to_owned(),
            }
        );
    }

    #[test]
    fn a_comment_with_only_a_summary_is_parsed() {
        let doc = Doc::parse("Waits.\n\n# Errors\nnone\n");
        assert_eq!(doc.summary, "Waits.");
        assert!(doc.description.is_empty() && doc.errors.is_empty());
        assert_eq!(doc.example, "");
    }
}
