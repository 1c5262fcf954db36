//! The line editor: keys, completion menu, history and colors.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nu_ansi_term::{Color, Style};
use reedline::{
    ColumnarMenu, DefaultHinter, Emacs, KeyCode, KeyModifiers, MenuBuilder as _, Reedline,
    ReedlineEvent, ReedlineMenu, default_emacs_keybindings,
};

use super::completer::ContextCompleter;
use super::completion_index::SharedIndex;
use super::highlighter::TokenHighlighter;
use super::history::FilteredHistory;
use super::validator::ParserValidator;

const MENU: &str = "completion";

/// Builds the line editor, which stops reading when `leave` is set.
pub(super) fn editor(
    completion_index: &SharedIndex,
    history: FilteredHistory,
    leave: Arc<AtomicBool>,
    colors: bool,
) -> Reedline {
    let mut keys = default_emacs_keybindings();
    keys.add_binding(
        KeyModifiers::NONE,
        KeyCode::Tab,
        ReedlineEvent::UntilFound(vec![
            ReedlineEvent::Menu(MENU.to_owned()),
            ReedlineEvent::MenuNext,
        ]),
    );
    keys.add_binding(
        KeyModifiers::SHIFT,
        KeyCode::BackTab,
        ReedlineEvent::MenuPrevious,
    );
    let plain = Style::new();
    let menu = ColumnarMenu::default()
        .with_name(MENU)
        .with_marker("> ")
        .with_text_style(plain)
        .with_match_text_style(plain.bold())
        .with_selected_text_style(plain.reverse())
        .with_selected_match_text_style(plain.reverse().bold())
        .with_description_text_style(plain.fg(Color::DarkGray));
    let hinter = DefaultHinter::default().with_style(plain.fg(Color::DarkGray));
    let completer = ContextCompleter {
        completion_index: completion_index.clone(),
    };
    let highlighter = TokenHighlighter {
        completion_index: completion_index.clone(),
    };
    Reedline::create()
        .with_ansi_colors(colors)
        .use_bracketed_paste(true)
        .with_history(Box::new(history))
        .with_hinter(Box::new(hinter))
        .with_validator(Box::new(ParserValidator))
        .with_highlighter(Box::new(highlighter))
        .with_completer(Box::new(completer))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
        .with_quick_completions(true)
        .with_partial_completions(true)
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_break_signal(leave)
}
