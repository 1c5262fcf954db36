//! Finds the files below a directory whose paths match a pattern.

use globset::{GlobBuilder, GlobMatcher};
use rhai::NativeCallContext;

use super::paths::ListError;
use super::run_host::Host;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::table::{Error, ErrorKind};

/// Maximum number of files and directories that one call looks at.
const MAX_ENTRIES: usize = 1_000_000;
/// Characters with a meaning in a pattern.
const SPECIAL: [char; 6] = ['*', '?', '[', '{', '\\', '!'];

impl Host {
    /// Lists the files that match `pattern`, sorted. Files that the script may not read are left out.
    ///
    /// # Errors
    /// `bad_pattern`: it is not a pattern. `not_allowed`: its directory is out of reach. `file`: a directory cannot be read.
    /// `too_large`: there are too many files.
    pub(in crate::script) fn list_files(
        &self,
        ctx: &NativeCallContext,
        pattern: &str,
    ) -> RhaiResultOf<Vec<String>> {
        let file = self.file_to_read(ctx, pattern)?;
        if !pattern.contains(SPECIAL) && file.is_file() {
            let opened = file.open();
            let opened = opened.map_err(|source| Error::new(file.name(), ErrorKind::Open(source)));
            opened.or_throw(ctx)?;
        }
        let search = Search::new(self, pattern).or_throw(ctx)?;
        search.run(ctx)
    }
}

struct Search<'a> {
    host: &'a Host,
    matcher: GlobMatcher,
    /// How many directories deep the pattern reaches; `None` without limit.
    max_depth: Option<usize>,
    /// Whether a part of the pattern names hidden files.
    finds_hidden: bool,
    start: String,
}

impl<'a> Search<'a> {
    fn new(host: &'a Host, pattern: &str) -> Result<Self, Throw> {
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| {
                let message = format!("`{pattern}` is not a pattern for files: {}", error.kind());
                Throw::new(ErrorCode::BadPattern, message)
                    .hint("`*` is any name, `**` any directories: `exports/**/*.csv`")
            })?;
        let start = pattern_directory(pattern);
        let rest = &pattern[start.len()..];
        Ok(Self {
            host,
            matcher: glob.compile_matcher(),
            max_depth: (!rest.contains("**"))
                .then(|| rest.trim_start_matches('/').matches('/').count()),
            finds_hidden: rest.split('/').any(|part| part.starts_with('.')),
            start: start.to_owned(),
        })
    }

    fn run(&self, ctx: &NativeCallContext) -> RhaiResultOf<Vec<String>> {
        let checkpoint = self.host.checkpoint();
        let mut files = Vec::new();
        let mut directories = vec![(self.start.clone(), 0)];
        let mut seen = 0_usize;
        while let Some((directory, depth)) = directories.pop() {
            if let Some(termination) = checkpoint.pending_termination() {
                return Err(termination.into());
            }
            let entries = self.host.paths.entries(or_here(&directory));
            let entries = match entries {
                Ok(entries) => entries,
                // Only the start must be readable.
                Err(ListError::Denied(_)) if depth > 0 => continue,
                Err(ListError::Denied(denied)) => return Err(throw(ctx, denied)),
                Err(ListError::Read(source)) => {
                    let error = Error::new(directory, ErrorKind::Read(source));
                    return Err(throw(ctx, error));
                }
            };
            seen += entries.len();
            if seen > MAX_ENTRIES {
                let message = format!("the pattern looks at more than {MAX_ENTRIES} files");
                let hint = "name the directory: `exports/*.csv`";
                let too_many = Throw::new(ErrorCode::TooLarge, message).hint(hint);
                return Err(throw(ctx, too_many));
            }
            for entry in entries {
                // A path that is not Unicode cannot be named in a script.
                let Some(name) = entry.name.to_str() else {
                    continue;
                };
                if name.starts_with('.') && !self.finds_hidden {
                    continue;
                }
                let path = if directory.is_empty() || directory.ends_with('/') {
                    format!("{directory}{name}")
                } else {
                    format!("{directory}/{name}")
                };
                if entry.is_directory {
                    if self.max_depth.is_none_or(|max| depth < max) {
                        directories.push((path, depth + 1));
                    }
                } else if self.matcher.is_match(&path) && self.is_readable(&path) {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn is_readable(&self, path: &str) -> bool {
        let file = self.host.paths.to_read(path);
        file.is_ok_and(|file| file.is_file() && file.open().is_ok())
    }
}

/// Returns the directory in front of the first part of a pattern with a special character, or of the last part.
fn pattern_directory(pattern: &str) -> &str {
    let special = pattern.find(SPECIAL).unwrap_or(pattern.len());
    match pattern[..special].rfind('/') {
        Some(0) => "/",
        Some(end) => &pattern[..end],
        None => "",
    }
}

fn or_here(directory: &str) -> &str {
    if directory.is_empty() { "." } else { directory }
}
