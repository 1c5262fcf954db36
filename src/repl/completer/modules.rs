//! Finds the module before `::`.

use rhai::Token;

use super::super::completion_index::CompletionIndex;
use super::super::lexer::SpannedToken;
use crate::script::ImportedModule;

/// Finds the module that `alias` means: one that the input imports itself, or one of the session.
pub(super) fn find(
    index: &CompletionIndex,
    tokens: &[SpannedToken],
    alias: &str,
) -> Option<ImportedModule> {
    let imported = tokens.windows(4).rev().find_map(|window| {
        let [import, path, word, name] = window else {
            return None;
        };
        match (&import.token, &path.token, &word.token, &name.token) {
            (Token::Import, Token::StringConstant(path), Token::As, Token::Identifier(name))
                if name.as_str() == alias =>
            {
                ImportedModule::read(alias, path)
            }
            _ => None,
        }
    });
    imported.or_else(|| {
        let mut imports = index.imports.iter();
        imports.find(|module| module.alias == alias).cloned()
    })
}
