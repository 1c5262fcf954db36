//! `sessions`: lists sessions, or watches them.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::report::report;
use super::text::{cells, record, summary, table};
use super::watch::{WatchArgs, WatchTarget};
use crate::api::{Client, Pause, Session, SessionFilter};
use crate::bulk;
use crate::cli::command_error::CommandError;
use crate::cli::options::{ApiConnection, ClockArgs, ConnectionArgs, duration};
use crate::cli::output::{
    self, Format, MAX_TABLE_ROWS, StdoutWriter, WriteError, to_stdout, write_csv, write_json,
    write_report_file,
};
use crate::cli::terminal::LongWaitNotifier;
use crate::error::{Error, ExitStatus};
use crate::monitoring::{
    self, Field, Funnel, ListFilter, SortKey, latest_time, normalize_status, sort, statuses,
};
use crate::runtime::Runtime;
use crate::settings::Settings;
use crate::text::escape_line;
use crate::time::{self, DateTime, LocalTimes, ReadingRules};

/// The columns of a table without `--columns`.
const DEFAULT_COLUMNS: [&str; 4] = ["candidate_name", "candidate_email", "status", "due_date"];
/// In addition, if there may be several assessments.
const ASSESSMENT_COLUMN: &str = "assessment_name";

/// The order of a table without `--sort`.
const DEFAULT_SORT: [&str; 2] = ["status", "due_date"];

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk sessions                                   all sessions, and the funnel
  gradient-bulk sessions --stale 3d                        no activity for three days
  gradient-bulk sessions --status submitted --format csv > submitted.csv
  gradient-bulk sessions --report progress.html            an HTML report to read, share or print
  gradient-bulk sessions --watch --until submitted --wait 2h

Columns: candidate_name candidate_email candidate_id status due_date created_at setup_started_at task_started_at
submitted_at last_progress_at assessment_name assessment_id id token, and any other field that the API sends. CSV and JSON
contain all listed columns except token, which is the secret of the candidate's link.

Statuses, in order: invited setup in_progress submitted scoring scored reviewed.

A table is followed by the funnel and by the candidates who are past their deadline or within a day of it. The other
formats contain only records, with times in UTC. A table shows the first 1000 sessions; the other formats show all.

--watch redraws a terminal in place; otherwise it prints a line for each change. It checks less often while the API asks to
slow down, and continues when the network fails. The exit status is 0 when all sessions have reached the status of --until,
7 when --wait runs out first, and 130 after Ctrl-C.";

/// List sessions with their status and deadline, and count them by status; --watch polls and redraws
///
/// Lists the sessions of --assessment (or GRADIENT_ASSESSMENT_ID), or of all assessments if none is set.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct Sessions {
    #[command(flatten)]
    filters: Filters,

    /// Sort by these columns; a leading - means descending [default: status,due_date]
    #[arg(
        long,
        value_name = "KEY,…",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    sort: Vec<String>,

    /// Show these columns, in this order
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    columns: Vec<String>,

    /// Output format [default: table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Write an HTML report as a single file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "json", "columns", "watch"])]
    report: Option<PathBuf>,

    /// Omit the funnel and the deadlines
    #[arg(short, long)]
    quiet: bool,

    /// List the sessions of all assessments, even if one is set
    #[arg(long, conflicts_with = "assessment")]
    all_assessments: bool,

    #[command(flatten)]
    watch: WatchArgs,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    clock: ClockArgs,
}

#[derive(Debug, Args)]
struct Filters {
    /// Only sessions with this status; can be repeated
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,

    /// Only sessions with a deadline before DATE: an instant, or the start of a day
    #[arg(long, value_name = "DATE")]
    due_before: Option<String>,

    /// Only candidates who have not finished and have done nothing for TIME, such as 3d or 36h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    stale: Option<Duration>,
}

impl Sessions {
    pub(in crate::cli) fn run(self) -> Result<ExitStatus, CommandError> {
        let mut settings = self.connection.settings(&self.clock)?;
        let selection = self.filters.selection(&settings)?;
        let goal = self.watch.goal()?;
        if self.watch.is_enabled {
            // The next poll retries anyway, and a lost connection should be reported soon.
            settings.limits.max_retries = settings.limits.max_retries.min(1);
        }
        let runtime = Runtime::start()?;
        let status = ApiConnection::with(&settings, &runtime, |api_connection| {
            let Some((filter, label)) =
                assessment_filter(api_connection, &runtime, self.all_assessments)?
            else {
                return Ok(ExitStatus::Interrupted);
            };
            if !self.watch.is_enabled {
                return self.list(
                    api_connection,
                    &runtime,
                    (&filter, label),
                    &settings,
                    selection,
                );
            }
            let watch_target = WatchTarget {
                client: &api_connection.client,
                filter,
                label: format!("{label} at {}", api_connection.endpoint()),
                zone: settings.zone.clone(),
                now: settings.now,
            };
            self.watch.run(goal, watch_target, &runtime)
        })?;
        // A watch normally ends with Ctrl-C, and shows by itself how it ended.
        if status == ExitStatus::Interrupted && !self.watch.is_enabled {
            output::note("interrupted");
        }
        Ok(status)
    }

    fn list(
        &self,
        api_connection: &ApiConnection,
        runtime: &Runtime,
        (filter, label): (&SessionFilter, String),
        settings: &Settings,
        mut selection: ListFilter,
    ) -> Result<ExitStatus, Error> {
        let Some(sessions) = fetch(&api_connection.client, runtime, filter, settings)? else {
            return Ok(ExitStatus::Interrupted);
        };
        let clock = || latest_time(&sessions, Timestamp::now());
        let now = settings.now.unwrap_or_else(clock);
        selection.idle_since = self
            .filters
            .stale
            .map(|stale| now.checked_sub(stale).unwrap_or(Timestamp::MIN));
        let funnel = Funnel::of(&sessions);
        for status in selection.unknown_statuses(&funnel)? {
            output::note(&escape_line(&format!(
                "note: no session has the status `{status}`, which is not a documented status: {}",
                statuses().join(" ")
            )));
        }
        let orders = self.orders(&sessions)?;
        let mut shown: Vec<&Session> = sessions
            .iter()
            .filter(|session| selection.matches(session))
            .collect();
        sort(&mut shown, &orders);
        if let Some(file) = &self.report {
            let assessment = filter.assessment_id.as_ref().map(|_| label);
            let made_at = settings.now.unwrap_or_else(Timestamp::now);
            let made_at = DateTime::of(made_at, &settings.zone);
            write_report_file(
                file,
                &report(&shown, assessment, api_connection.endpoint(), made_at, now),
            )?;
            return Ok(ExitStatus::Success);
        }
        let format = match self.format {
            Some(format) => format,
            None if self.json => Format::Json,
            None => Format::Table,
        };
        if format != Format::Table {
            self.write(format, &sessions, &shown)?;
            return Ok(ExitStatus::Success);
        }
        let zone = &settings.zone;
        let text = summary(&shown, sessions.len(), now, zone);
        self.write_table(&sessions, &shown, &text, zone)?;
        Ok(ExitStatus::Success)
    }

    fn write_table(
        &self,
        sessions: &[Session],
        shown: &[&Session],
        summary: &str,
        zone: &TimeZone,
    ) -> Result<(), Error> {
        let columns = self.fields(&table_columns(sessions), sessions)?;
        let first = shown.get(..MAX_TABLE_ROWS).unwrap_or(shown);
        to_stdout(|out| {
            if !first.is_empty() {
                writeln!(out, "{}", table(&columns, first, zone, output::width()))?;
            }
            if !self.quiet {
                writeln!(out, "{summary}")?;
            }
            Ok(())
        })?;
        let (count, beyond) = (shown.len(), shown.len().saturating_sub(MAX_TABLE_ROWS));
        if beyond > 0 {
            output::note(&format!(
                "… {beyond} more; `--format csv` shows all {count} sessions"
            ));
        }
        Ok(())
    }

    fn orders(&self, sessions: &[Session]) -> Result<Vec<SortKey>, monitoring::Error> {
        let default = DEFAULT_SORT.map(str::to_owned);
        let keys = if self.sort.is_empty() {
            &default[..]
        } else {
            &self.sort
        };
        keys.iter()
            .map(|key| SortKey::parse(key, sessions))
            .collect()
    }

    fn fields(
        &self,
        default: &[&str],
        sessions: &[Session],
    ) -> Result<Vec<Field>, monitoring::Error> {
        let find = |name: &str| Field::find(name, sessions);
        if self.columns.is_empty() {
            return default.iter().map(|name| find(name)).collect();
        }
        self.columns.iter().map(|name| find(name)).collect()
    }

    fn write(&self, format: Format, sessions: &[Session], shown: &[&Session]) -> Result<(), Error> {
        let fields = self.fields(&public_names(), sessions)?;
        to_stdout(|out| {
            if format == Format::Csv {
                let records = shown.iter().map(|session| Ok(cells(&fields, session)));
                return write_csv(fields.iter().map(|field| field.name.as_str()), records, out);
            }
            let records = shown.iter().map(|session| Ok(record(&fields, session)));
            write_json(format, records, out)
        })
    }
}

impl Filters {
    /// Parses the filters that need no clock.
    fn selection(&self, settings: &Settings) -> Result<ListFilter, Error> {
        let due_before = self.due_before.as_deref().map(|text| {
            let rules = ReadingRules::default();
            time::parse(text, &settings.zone, LocalTimes::Allowed, &rules)
                .map(|date| date.result.timestamp())
                .map_err(crate::settings::time_error("--due-before"))
        });
        Ok(ListFilter {
            statuses: self
                .status
                .iter()
                .map(|text| normalize_status(text))
                .collect(),
            due_before: due_before.transpose()?,
            idle_since: None,
        })
    }
}

/// Returns which sessions to list, those of `all_assessments` or of the configured one, and their name for people; `None` if the
/// user interrupted it.
fn assessment_filter(
    api_connection: &ApiConnection,
    runtime: &Runtime,
    all_assessments: bool,
) -> Result<Option<(SessionFilter, String)>, Error> {
    let assessment = api_connection.assessment.as_ref();
    let Some(reference) = assessment.filter(|_| !all_assessments) else {
        let all = (SessionFilter::default(), "all assessments".to_owned());
        return Ok(Some(all));
    };
    let found = runtime.wait_unless_interrupted(api_connection.client.assessment(reference));
    let Some(found) = found.transpose()? else {
        return Ok(None);
    };
    let label = found.label().to_owned();
    let filter = SessionFilter {
        assessment_id: Some(found.id),
        ..SessionFilter::default()
    };
    Ok(Some((filter, label)))
}

/// Lists the sessions of `all_assessments` or of the configured one, with their name for people; `None` if the user interrupted
/// it.
pub(in crate::cli) fn fetch_all(
    api_connection: &ApiConnection,
    runtime: &Runtime,
    settings: &Settings,
    all_assessments: bool,
) -> Result<Option<(String, Vec<Session>)>, Error> {
    let Some((filter, label)) = assessment_filter(api_connection, runtime, all_assessments)? else {
        return Ok(None);
    };
    let sessions = fetch(&api_connection.client, runtime, &filter, settings)?;
    Ok(sessions.map(|sessions| (label, sessions)))
}

/// Writes sessions as a table with the default columns and the assessment.
pub(in crate::cli) fn write_table(
    sessions: &[&Session],
    zone: &TimeZone,
    out: &mut StdoutWriter,
) -> Result<(), WriteError> {
    // These columns are documented, so that they are found.
    let columns = DEFAULT_COLUMNS.into_iter().chain([ASSESSMENT_COLUMN]);
    let columns: Vec<Field> = columns
        .filter_map(|name| Field::find(name, &[]).ok())
        .collect();
    Ok(writeln!(
        out,
        "{}",
        table(&columns, sessions, zone, output::width())
    )?)
}

/// Returns sessions for other programs, with the documented fields.
pub(in crate::cli) fn records(sessions: &[&Session]) -> Vec<Map<String, Value>> {
    let names = public_names();
    let fields = names.iter().filter_map(|name| Field::find(name, &[]).ok());
    let fields: Vec<Field> = fields.collect();
    let records = sessions.iter().map(|session| record(&fields, session));
    records.collect()
}

/// Returns all documented fields but the secret part of the link.
fn public_names() -> Vec<&'static str> {
    let mut names = Field::NAMES.to_vec();
    names.retain(|name| *name != "token");
    names
}

/// Lists the sessions; `None` if the user interrupted it.
fn fetch(
    client: &Client,
    runtime: &Runtime,
    filter: &SessionFilter,
    settings: &Settings,
) -> Result<Option<Vec<Session>>, Error> {
    let long_wait = LongWaitNotifier::default();
    let notify = |pause: &Pause| {
        let now = DateTime::of(Timestamp::now(), &settings.zone);
        if let Some(notice) = long_wait.notice(pause, &now) {
            output::note(&notice);
        }
    };
    let listed = bulk::wait(runtime, client, notify, client.sessions(filter));
    Ok(listed.transpose()?)
}

/// Returns the default columns of a table, with the assessment if there are several.
fn table_columns(sessions: &[Session]) -> Vec<&'static str> {
    let mut columns = DEFAULT_COLUMNS.to_vec();
    let assessment = |session: &Session| session.assessment_id.clone();
    let first = sessions.first().and_then(assessment);
    if sessions.iter().any(|session| assessment(session) != first) {
        columns.push(ASSESSMENT_COLUMN);
    }
    columns
}
