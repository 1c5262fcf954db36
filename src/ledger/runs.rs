//! Creating, finding and updating runs.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Params, Row, params};

use super::row::RowState;
use super::run::{Author, Decisions, RunId, RunSpec, RunState, Target};
use super::state_counts::StateCounts;
use super::{Error, Ledger};
use crate::change_kind::ChangeKind;

/// A stored run.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: RunId,
    pub state: RunState,
    /// Why it was rejected.
    pub reason: Option<String>,
    pub created_at: Timestamp,
    /// When the user agreed to the plan, for the first time.
    pub confirmed_at: Option<Timestamp>,
    pub kind: ChangeKind,
    pub spec: RunSpec,
    pub targets: Vec<Target>,
    pub state_counts: StateCounts,
}

impl Run {
    /// Returns how many rows have no recorded result.
    pub fn unsent(&self) -> u64 {
        self.state_counts.of(RowState::Planned) + self.state_counts.of(RowState::Sending)
    }
}

const SELECT: &str = "SELECT id, state, created_at, script, arguments, directory, api_url, sandbox, zone, shard, reason, again, skip_invalid,
                             kind, script_sha256, os_user, key_prefix, confirmed_at FROM runs";

impl Ledger {
    /// Creates a run in the state `planning`.
    pub fn create_run(&self, kind: ChangeKind, run: &RunSpec) -> Result<RunId, Error> {
        self.connection
            .query_row(
                "INSERT INTO runs (state, created_at, script, arguments, directory, api_url, sandbox, zone, shard,
                                   again, skip_invalid, kind, script_sha256, os_user, key_prefix)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) RETURNING id",
                params![
                    RunState::Planning.name(),
                    Timestamp::now().as_millisecond(),
                    run.script,
                    serde_json::to_string(&run.arguments).unwrap_or_default(),
                    run.directory.to_string_lossy(),
                    run.api_url,
                    run.sandbox,
                    run.zone,
                    run.shard,
                    run.decisions.again,
                    run.decisions.skip_invalid,
                    kind.name(),
                    run.author.script_sha256,
                    run.author.os_user,
                    run.author.key_prefix,
                ],
                |row| row.get(0),
            )
            .map_err(self.database_error())
    }

    /// # Errors
    /// [`Error::NoRun`] if there is no such run.
    pub fn run(&self, id: RunId) -> Result<Run, Error> {
        self.find_run("WHERE id = ?1", [id.number()])?
            .ok_or(Error::NoRun { run: id })
    }

    /// Returns the newest run, or the newest one of another kind than `except`.
    pub fn newest_run(&self, except: Option<ChangeKind>) -> Result<Option<Run>, Error> {
        self.find_run(
            "WHERE kind IS NOT ?1 ORDER BY id DESC LIMIT 1",
            [except.map(ChangeKind::name)],
        )
    }

    /// Returns all runs, the newest first.
    pub fn runs(&self) -> Result<Vec<Run>, Error> {
        let read_all = || {
            self.connection
                .prepare(&format!("{SELECT} ORDER BY id DESC"))?
                .query_map([], read)?
                .collect::<rusqlite::Result<Vec<Run>>>()
        };
        let runs = read_all().map_err(self.database_error())?;
        runs.into_iter().map(|run| self.load_details(run)).collect()
    }

    /// Returns the newest earlier run of the same script with the same arguments, directory, API and shard that has unsent
    /// rows and is not in `own`.
    pub fn find_similar_unfinished(&self, id: RunId, own: &[RunId]) -> Result<Option<Run>, Error> {
        let own = serde_json::to_string(own).unwrap_or_default();
        self.find_run(
            "AS other WHERE other.id < ?1
               AND kind = (SELECT kind FROM runs WHERE id = ?1)
               AND (script, arguments, directory, sandbox, shard IS NULL, ifnull(shard, ''))
                 = (SELECT script, arguments, directory, sandbox, shard IS NULL, ifnull(shard, '') FROM runs WHERE id = ?1)
               AND (sandbox OR api_url = (SELECT api_url FROM runs WHERE id = ?1))
               AND state IN ('confirmed', 'sending', 'stopped')
               AND EXISTS (SELECT 1 FROM counts WHERE run = other.id AND state IN (0, 1) AND count > 0)
               AND other.id NOT IN (SELECT value FROM json_each(?2))
             ORDER BY other.id DESC LIMIT 1",
            params![id.number(), own],
        )
    }

    pub fn set_state(&self, id: RunId, state: RunState) -> Result<(), Error> {
        self.connection
            .execute(
                "UPDATE runs SET state = ?2 WHERE id = ?1",
                params![id.number(), state.name()],
            )
            .map(drop)
            .map_err(self.database_error())
    }

    /// Marks a run as confirmed, with what the user has decided.
    pub fn confirm(&self, id: RunId, decisions: Decisions) -> Result<(), Error> {
        let Decisions {
            again,
            skip_invalid,
        } = decisions;
        self.connection
            .execute(
                "UPDATE runs SET state = ?2, again = ?3, skip_invalid = ?4, confirmed_at = ifnull(confirmed_at, ?5)
                 WHERE id = ?1",
                params![
                    id.number(),
                    RunState::Confirmed.name(),
                    again,
                    skip_invalid,
                    Timestamp::now().as_millisecond()
                ],
            )
            .map(drop)
            .map_err(self.database_error())
    }

    /// Marks a run as rejected for `reason`.
    pub fn reject(&self, id: RunId, reason: &str) -> Result<(), Error> {
        self.connection
            .execute(
                "UPDATE runs SET state = ?2, reason = ?3 WHERE id = ?1",
                params![id.number(), RunState::Rejected.name(), reason],
            )
            .map(drop)
            .map_err(self.database_error())
    }

    /// Discards the unsent rows of `run`, which the caller has locked, and returns how many there are.
    ///
    /// # Errors
    /// [`Error::NotSendable`] or [`Error::NothingLeft`] if there is nothing to discard.
    pub fn discard(&self, run: RunId) -> Result<u64, Error> {
        let found = self.run(run)?;
        let state = found.state;
        if !state.can_be_sent() {
            return Err(Error::NotSendable { run, state });
        }
        if found.unsent() == 0 {
            return Err(Error::NothingLeft { run, state });
        }
        self.set_state(run, RunState::Discarded)?;
        Ok(found.unsent())
    }

    /// Returns the sessions that runs after `run` have created, each with its run.
    pub fn sessions_of_later_runs(&self, run: RunId) -> Result<HashMap<String, RunId>, Error> {
        let read = || {
            self.connection
                .prepare("SELECT session, min(id >> 32) FROM invites WHERE id > ?1 AND state = ?2 AND session IS NOT NULL GROUP BY session")?
                .query_map((run.row(u32::MAX), RowState::Created), |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(self.database_error())
    }

    /// Returns the sessions that runs other than `run` have revoked at the same API, or perhaps have, each with the last of these runs.
    /// Those with the note `gone` were gone before.
    pub fn revoked_sessions(
        &self,
        run: RunId,
        gone: &str,
    ) -> Result<HashMap<String, RunId>, Error> {
        let read = || {
            self.connection
                .prepare(
                    "SELECT invites.subject, max(runs.id)
                     FROM runs CROSS JOIN invites ON invites.id BETWEEN runs.id << 32 AND (runs.id + 1) << 32
                     WHERE runs.kind = ?2 AND runs.id <> ?1
                       AND sandbox = (SELECT sandbox FROM runs WHERE id = ?1)
                       AND (sandbox OR api_url = (SELECT api_url FROM runs WHERE id = ?1))
                       AND invites.state IN (?3, ?5) AND invites.subject IS NOT NULL AND invites.note IS NOT ?4
                     GROUP BY invites.subject",
                )?
                .query_map(
                    params![run.number(), ChangeKind::Revoke.name(), RowState::Done, gone, RowState::Sending],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(self.database_error())
    }

    fn find_run(&self, condition: &str, params: impl Params) -> Result<Option<Run>, Error> {
        let found = self
            .connection
            .query_row(&format!("{SELECT} {condition}"), params, read)
            .optional()
            .map_err(self.database_error())?;
        found.map(|run| self.load_details(run)).transpose()
    }

    /// Adds the targets and counts, which are in other tables.
    fn load_details(&self, mut run: Run) -> Result<Run, Error> {
        let read_targets = || {
            self.connection
                .prepare_cached(
                    "SELECT assessment, label FROM targets WHERE run = ?1 ORDER BY number",
                )?
                .query_map([run.id.number()], |row| {
                    Ok(Target {
                        assessment: row.get(0)?,
                        label: row.get(1)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<Target>>>()
        };
        run.targets = read_targets().map_err(self.database_error())?;
        run.state_counts =
            StateCounts::read(&self.connection, run.id).map_err(self.database_error())?;
        Ok(run)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let arguments: String = row.get(4)?;
    let confirmed_at: Option<i64> = row.get(17)?;
    Ok(Run {
        id: row.get(0)?,
        state: row.get(1)?,
        reason: row.get(10)?,
        created_at: Timestamp::from_millisecond(row.get(2)?).unwrap_or(Timestamp::UNIX_EPOCH),
        confirmed_at: confirmed_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
        kind: row.get(13)?,
        spec: RunSpec {
            script: row.get(3)?,
            arguments: serde_json::from_str(&arguments).unwrap_or_default(),
            directory: PathBuf::from(row.get::<_, String>(5)?),
            api_url: row.get(6)?,
            sandbox: row.get(7)?,
            zone: row.get(8)?,
            shard: row.get(9)?,
            decisions: Decisions {
                again: row.get(11)?,
                skip_invalid: row.get(12)?,
            },
            author: Author {
                script_sha256: row.get(14)?,
                os_user: row.get(15)?,
                key_prefix: row.get(16)?,
            },
        },
        targets: Vec::new(),
        state_counts: StateCounts::default(),
    })
}
