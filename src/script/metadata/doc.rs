//! A doc comment, taken apart: for the reference, the linter and completion alike.

/// What a doc comment says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// One sentence.
    pub summary: String,
    /// The paragraphs below it.
    pub description: Vec<String>,
    /// The codes of what is raised, each with when.
    pub errors: Vec<DocItem>,
    /// A script that runs as it stands.
    pub example: String,
}

/// An entry of a list: "`file`: the file cannot be read".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocItem {
    /// The names before the colon; empty where the entry is a sentence only.
    pub names: Vec<String>,
    /// The rest.
    pub text: String,
}

/// What a line belongs to.
enum Section {
    Description,
    Errors,
    Example,
}

impl Doc {
    /// Takes a comment apart, which stands there without its marks.
    pub(in crate::script) fn parse(text: &str) -> Self {
        let mut doc = Self::default();
        let mut section = Section::Description;
        let mut is_code = false;
        let mut paragraphs: Vec<String> = Vec::new();
        let mut goes_on = false;
        for line in text.lines() {
            if line.starts_with("```") {
                is_code = !is_code;
                goes_on = false;
            } else if is_code {
                // Rhai's own functions show an example under headings of other names.
                doc.example.push_str(line);
                doc.example.push('\n');
            } else if let Some(heading) = line.strip_prefix("# ") {
                section = match heading.trim() {
                    "Errors" => Section::Errors,
                    "Example" | "Examples" => Section::Example,
                    _ => Section::Description,
                };
                goes_on = false;
            } else {
                let line = line.trim();
                match section {
                    Section::Description => add(&mut paragraphs, line, &mut goes_on),
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

/// Adds a line to the paragraph it goes on with, or as the next one.
fn add(paragraphs: &mut Vec<String>, line: &str, goes_on: &mut bool) {
    let is_entry = line.starts_with("* ") || line.starts_with("- ");
    match paragraphs.last_mut() {
        _ if line.is_empty() => {}
        Some(paragraph) if *goes_on && !is_entry => append(paragraph, line),
        _ => paragraphs.push(line.to_owned()),
    }
    *goes_on = !line.is_empty();
}

/// Adds a line to a list: `- ` begins an entry, anything else goes on with the last one.
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
    /// Takes "`a`, `b`: when" for two names and a text, and anything else for a text.
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
    fn a_comment_is_taken_apart() {
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
    fn nothing_to_say_is_nothing() {
        let doc = Doc::parse("Waits.\n\n# Errors\nnone\n");
        assert_eq!(doc.summary, "Waits.");
        assert!(doc.description.is_empty() && doc.errors.is_empty());
        assert_eq!(doc.example, "");
    }
}
