//! The prompt, which shows where invitations go.

use std::borrow::Cow;

use reedline::{Color, Prompt, PromptEditMode, PromptHistorySearch, PromptHistorySearchStatus};

pub(super) struct ReplPrompt {
    /// `sandbox`, an assessment or a host.
    pub(super) endpoint: String,
    /// Candidates get emails.
    pub(super) is_real: bool,
    /// Invitations are sent without asking.
    pub(super) live: bool,
}

impl ReplPrompt {
    fn text(&self) -> String {
        let endpoint = &self.endpoint;
        match (self.is_real, self.live) {
            (false, _) => endpoint.clone(),
            (true, false) => format!("{endpoint} (live)"),
            (true, true) => format!("{endpoint} (live, auto-send)"),
        }
    }
}

impl Prompt for ReplPrompt {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        self.text().into()
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        "".into()
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        "> ".into()
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        "... ".into()
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        let failing = match search.status {
            PromptHistorySearchStatus::Passing => "",
            PromptHistorySearchStatus::Failing => "no match for ",
        };
        format!(" ({failing}`{}`)> ", search.term).into()
    }

    fn get_prompt_color(&self) -> Color {
        match (self.is_real, self.live) {
            (false, _) => Color::Green,
            (true, false) => Color::Yellow,
            (true, true) => Color::Red,
        }
    }
}
