//! The history: a file that only its owner can read, and that never contains an API key.

use std::io;
use std::path::Path;

use reedline::{
    FileBackedHistory, History, HistoryItem, HistoryItemId, HistorySessionId, Result, SearchQuery,
};

use crate::private_file;
use crate::text::may_contain_key;

const MAX_ENTRIES: usize = 10_000;

/// The history without inputs that may contain an API key.
pub(super) struct FilteredHistory(FileBackedHistory);

impl FilteredHistory {
    /// Opens the history in the file at `path`.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        private_file::create_parent_dir(path)?;
        private_file::open(path)?;
        let history = FileBackedHistory::with_file(MAX_ENTRIES, path.to_owned());
        history.map(Self).map_err(io::Error::other)
    }

    /// Starts a history that is lost when the session ends.
    pub(super) fn in_memory() -> Self {
        Self(FileBackedHistory::default())
    }
}

impl History for FilteredHistory {
    fn save(&mut self, item: HistoryItem) -> Result<HistoryItem> {
        if may_contain_key(&item.command_line) {
            return Ok(item);
        }
        let saved = self.0.save(item)?;
        // Written at once, so that a killed session loses nothing. A full disk does not end the session.
        let _ = self.0.sync();
        Ok(saved)
    }

    fn load(&self, id: HistoryItemId) -> Result<HistoryItem> {
        self.0.load(id)
    }

    fn count(&self, query: SearchQuery) -> Result<i64> {
        self.0.count(query)
    }

    fn search(&self, query: SearchQuery) -> Result<Vec<HistoryItem>> {
        self.0.search(query)
    }

    fn update(
        &mut self,
        id: HistoryItemId,
        updater: &dyn Fn(HistoryItem) -> HistoryItem,
    ) -> Result<()> {
        self.0.update(id, updater)
    }

    fn clear(&mut self) -> Result<()> {
        self.0.clear()
    }

    fn delete(&mut self, id: HistoryItemId) -> Result<()> {
        self.0.delete(id)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }

    fn session(&self) -> Option<HistorySessionId> {
        self.0.session()
    }
}
