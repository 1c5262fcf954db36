//! What a dry run does instead of writing files and of waiting. That nothing is sent is the plan's own affair.

use rhai::NativeCallContext;

use super::run_host::Host;
use super::waits::Waits;
use crate::reach::Location;
use crate::script::error::ending::Ending;
use crate::script::error::throw::{RhaiResultOf, throw};

impl Host {
    /// Returns the file that `function` writes where the script says `path`; `None` in a dry run, which says so instead.
    ///
    /// # Errors
    /// `planning`: a plan is evaluated. `not_allowed`: it lies elsewhere, or nothing may be written.
    pub(in crate::script) fn file_to_write(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
    ) -> RhaiResultOf<Option<Location>> {
        self.refuse_while_planning(ctx, function)?;
        let file = self
            .paths()
            .to_write(path)
            .map_err(|refused| throw(ctx, refused))?;
        if self.settings().options.dry_run {
            self.console()
                .note(&format!("dry run: `{path}` is not written"));
            return Ok(None);
        }
        Ok(Some(file))
    }

    /// Notes that the script asked how sessions stand.
    pub(in crate::script) fn note_question(&self) {
        let waits = self.waits().get();
        self.waits().set(Waits {
            asked: true,
            ..waits
        });
    }

    /// Counts a sleep that a test skips, and returns how many there were.
    pub(super) fn note_sleep(&self) -> u32 {
        let waits = self.waits().get();
        let sleeps = waits.sleeps + 1;
        self.waits().set(Waits { sleeps, ..waits });
        sleeps
    }

    /// Takes no time for a sleep of a dry run. A script that asks, sleeps, asks again and sleeps again waits for what will
    /// not come.
    pub(in crate::script) fn skip_sleep(&self) -> RhaiResultOf<()> {
        let mut waits = self.waits().get();
        waits.rounds += u32::from(waits.asked);
        waits.asked = false;
        self.waits().set(waits);
        if waits.rounds > 1 {
            self.console()
                .note("dry run: the script waits for sessions to change, and ends here");
            return Err(Ending::Waiting.into());
        }
        Ok(())
    }
}
