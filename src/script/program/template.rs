//! Creates a new script from a shipped one, together with the scripts that it imports.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rhai::{ASTNode, Expr, Stmt};

use crate::script::diagnosis::diagnose::diagnose_parse;
use crate::script::engine::import_resolver::file_of;
use crate::script::engine::setup;
use crate::script::error::script_error::Error;
use crate::script::library::{embedded_text, shipped};
use crate::script::limits::name_lookups;
use crate::script::source::{ImportRoot, Source};
use crate::text::nearest;

/// The template that is used if none is named.
const DEFAULT_TEMPLATE: &str = "templates/starter.rhai";

/// Writes the shipped script `from`, or a short commented one, to `file`, and its imports into the same directory. Returns
/// the files that were written, with the script itself last.
///
/// # Errors
/// `file` does not end in `.rhai`, no shipped script is called `from`, or a file cannot be written. If any of the files
/// already exists, none is written.
pub fn create_from_template(file: &Path, from: Option<&str>) -> Result<Vec<PathBuf>, Error> {
    let main = match from {
        None => PathBuf::from(DEFAULT_TEMPLATE),
        Some(name) => find(name)?,
    };
    let target = match file.extension() {
        None => file.with_extension("rhai"),
        Some(end) if end == "rhai" => file.to_owned(),
        Some(_) => {
            let path = file.to_owned();
            return Err(Error::InvalidScriptName { path });
        }
    };
    if file.is_dir() {
        let path = file.to_owned();
        return Err(Error::Exists { path });
    }
    if target.exists() {
        return Err(Error::Exists { path: target });
    }
    let source_directory = main.parent().unwrap_or(Path::new(""));
    let directory = target.parent().unwrap_or(Path::new(""));
    let mut files: Vec<(PathBuf, &str)> = Vec::new();
    for (path, text) in collect_imports(&main, embedded_text)? {
        let destination = if path == main {
            target.clone()
        } else {
            directory.join(path.strip_prefix(source_directory).unwrap_or(&path))
        };
        match fs::read(&destination) {
            // Another new script imports it too.
            Ok(found) if found == text.as_bytes() => {}
            Ok(_) => return Err(Error::Exists { path: destination }),
            Err(_) => files.push((destination, text)),
        }
    }
    // Writes the imports first, so that the script exists only if it can run.
    files.reverse();
    files
        .into_iter()
        .map(|(path, text)| write(&path, text).map(|()| path))
        .collect()
}

fn find(name: &str) -> Result<PathBuf, Error> {
    let stem = name.strip_suffix(".rhai").unwrap_or(name);
    let scripts = shipped();
    let names = || scripts.iter().map(|script| &*script.name);
    if names().any(|known| known == stem) {
        return Ok(PathBuf::from(format!("{stem}.rhai")));
    }
    Err(Error::NotShipped {
        name: name.to_owned(),
        likely: nearest(stem, names()).map(ToOwned::to_owned),
    })
}

/// Returns the script at `main`, followed by all scripts that it imports, directly or indirectly.
fn collect_imports<'a>(
    main: &Path,
    read: impl Fn(&Path) -> Option<&'a str>,
) -> Result<Vec<(PathBuf, &'a str)>, Error> {
    let mut found: Vec<(PathBuf, &str)> = Vec::new();
    let mut open = vec![main.to_owned()];
    while let Some(path) = open.pop() {
        if found.iter().any(|(known, _)| *known == path) {
            continue;
        }
        let Some(text) = read(&path) else {
            let name = path.display().to_string();
            return Err(Error::NotShipped { name, likely: None });
        };
        let directory = path.parent().unwrap_or(Path::new(""));
        open.extend(
            imports(&path, text)?
                .iter()
                .map(|file| directory.join(file)),
        );
        found.push((path, text));
    }
    Ok(found)
}

/// Returns the files that a script imports, relative to its directory.
fn imports(path: &Path, text: &str) -> Result<Vec<PathBuf>, Error> {
    let source = Source::new(&path.display().to_string(), text, ImportRoot::Shipped);
    let ast = name_lookups::compile(&setup::bare(), &source.text)
        .map_err(|error| diagnose_parse(&source, &error, &[]))?;
    let mut files = Vec::new();
    ast.walk(&mut |nodes| {
        if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = nodes.last()
            && let Expr::StringConstant(name, _) = &import.0
        {
            files.extend(file_of(name));
        }
        true
    });
    Ok(files)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let unwritable = |path: &Path, source| Error::Unwritable {
        path: path.to_owned(),
        source,
    };
    let failed = |source| unwritable(path, source);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|source| unwritable(directory, source))?;
    }
    // Fails if the file was created since the check above.
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists {
            path: path.to_owned(),
        },
        _ => failed(error),
    })?;
    file.write_all(text.as_bytes()).map_err(failed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn imports_are_collected_relative_to_the_importing_script() {
        let read = |path: &Path| match path.to_str()? {
            "main.rhai" => Some(
                "import \"lib/rules\" as rules;\nfn f() { import \"./lib/rules.rhai\" as again; }",
            ),
            "lib/rules.rhai" => {
                Some("import \"days\" as days; if true { import \"rules\" as me; }")
            }
            "lib/days.rhai" => Some("fn days() { 5 }"),
            _ => None,
        };
        let found = collect_imports(Path::new("main.rhai"), read).unwrap();
        let paths: Vec<&str> = found.iter().filter_map(|(path, _)| path.to_str()).collect();
        assert_eq!(paths, ["main.rhai", "lib/rules.rhai", "lib/days.rhai"]);
        assert!(collect_imports(Path::new("lib/none.rhai"), read).is_err());
    }
}
