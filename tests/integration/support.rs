//! A project directory with its own home, programs that run in it, and their output.

use std::fmt;
use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::stub::{ASSESSMENT, Stub};

/// How long a test waits for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The key that projects with a stub use.
pub(crate) const KEY: &str = "gai_prefix_MARKED-SECRET-4711";

/// The part of the key that no output and no file may contain.
pub(crate) const SECRET: &str = "MARKED-SECRET";

/// A directory for a user's files, and next to it a home for the program's state.
pub(crate) struct Project {
    directory: TempDir,
    environment: Vec<(String, String)>,
}

impl Project {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("work")).unwrap();
        Self {
            directory,
            environment: Vec::new(),
        }
    }

    /// The directory that programs run in.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    /// The directory of the program's state, unless the environment sets another.
    pub(crate) fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    /// The ledger, unless an option names another.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.home().join("ledger.db")
    }

    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Writes `config.toml`.
    pub(crate) fn configure(&self, text: &str) {
        fs::create_dir_all(self.home()).unwrap();
        fs::write(self.home().join("config.toml"), text).unwrap();
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Configures a key, the assessment of the stub, and the stub as the API.
    pub(crate) fn talking_to(self, stub: &Stub) -> Self {
        self.env("GRADIENT_API_URL", &stub.url())
            .env("GRADIENT_API_KEY", KEY)
            .env("GRADIENT_ASSESSMENT_ID", ASSESSMENT)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Reads a CSV file: the header and the rows.
    pub(crate) fn read_csv(&self, name: &str) -> Vec<Vec<String>> {
        records(&self.read(name))
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.start(arguments).finish()
    }

    /// Runs a script with options of `run`.
    pub(crate) fn rhai(&self, options: &[&str], script: &str) -> Ran {
        self.start_rhai(options, script).finish()
    }

    /// Runs a script against the sandbox.
    pub(crate) fn rehearse(&self, script: &str) -> Ran {
        self.rhai(&["--sandbox"], script)
    }

    /// Runs a line of shell, in which the program is `gradient-bulk`.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        self.start_shell(line).finish()
    }

    /// Starts a line of shell, in which the program is `gradient-bulk`.
    pub(crate) fn start_shell(&self, line: &str) -> Running {
        let binaries = Path::new(env!("CARGO_BIN_EXE_gradient-bulk"))
            .parent()
            .unwrap();
        let path = format!(
            "{}:{}",
            binaries.display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let mut command = self.command("sh");
        command.args(["-c", line]).env("PATH", path);
        Running::spawn(command)
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::spawn(self.program(arguments))
    }

    /// The program with these arguments, for a test that starts it in a special way.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_gradient-bulk"));
        command.args(arguments);
        command
    }

    pub(crate) fn start_rhai(&self, options: &[&str], script: &str) -> Running {
        fs::write(self.path().join("script.rhai"), script).unwrap();
        self.start(&[&["run"], options, &["script.rhai"]].concat())
    }

    /// Starts a sandbox that serves until it is dropped.
    pub(crate) fn sandbox(&self, options: &[&str]) -> Sandbox {
        let mut server = self.start(&[&["sandbox"], options].concat());
        let line = server.wait_for("the sandbox serves ");
        let word = |prefix: &str| {
            let mut words = line.split([' ', ';']);
            let word = words.find(|word| word.starts_with(prefix));
            word.unwrap().to_owned()
        };
        Sandbox {
            url: word("http://"),
            key: word("gai_sandbox_"),
            server,
        }
    }

    /// A command in this project, without the environment of the tests.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.directory.path())
            .env("GRADIENT_BULK_HOME", self.home())
            .env("TZ", "UTC")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// Every file below `directory`.
pub(crate) fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut open = vec![directory.to_owned()];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

/// Returns whether a file contains `text`.
pub(crate) fn has(file: &Path, text: &str) -> bool {
    let bytes = fs::read(file).unwrap();
    bytes.windows(text.len()).any(|at| at == text.as_bytes())
}

/// Parses CSV into its header and rows.
fn records(text: &str) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

/// A running program, which is killed when dropped.
pub(crate) struct Running {
    child: Child,
    output: Receiver<Output>,
    ran: Ran,
}

enum Output {
    Stdout(String),
    Stderr(String),
}

impl Running {
    /// Starts `command`, and reads its standard output and standard error if they are piped.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (sender, output) = channel();
        if let Some(stdout) = child.stdout.take() {
            forward(stdout, sender.clone(), Output::Stdout);
        }
        if let Some(stderr) = child.stderr.take() {
            forward(stderr, sender, Output::Stderr);
        }
        Self {
            child,
            output,
            ran: Ran::default(),
        }
    }

    /// Waits for a line that contains `text`, on either stream, and returns it.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        while let Some(line) = self.next_line(deadline) {
            if line.contains(text) {
                return line;
            }
        }
        panic!("`{text}` never came\n{}", self.ran);
    }

    /// Sends a signal such as `INT`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(killed.success(), "kill -s {name} {id}: {killed}");
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the program at once, as `kill -9` or a power failure would.
    #[cfg(unix)]
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.finish().exits(1009);
    }

    /// Waits for the program to end.
    pub(crate) fn finish(mut self) -> Ran {
        let deadline = Instant::now() + PATIENCE;
        while self.next_line(deadline).is_some() {}
        assert!(
            Instant::now() < deadline,
            "still running after {PATIENCE:?}\n{}",
            self.ran
        );
        let status = self.child.wait().unwrap();
        self.ran.status = code(status);
        std::mem::take(&mut self.ran)
    }

    fn next_line(&mut self, deadline: Instant) -> Option<String> {
        let left = deadline.saturating_duration_since(Instant::now());
        let (line, stream) = match self.output.recv_timeout(left).ok()? {
            Output::Stdout(line) => (line, &mut self.ran.stdout),
            Output::Stderr(line) => (line, &mut self.ran.stderr),
        };
        stream.push_str(&line);
        Some(line)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends each line of `stream`, including its line ending.
fn forward(
    stream: impl Read + Send + 'static,
    sender: Sender<Output>,
    wrap: impl Fn(String) -> Output + Send + 'static,
) {
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            if sender.send(wrap(text)).is_err() {
                break;
            }
        }
    });
}

#[cfg(unix)]
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    let signalled = || 1000 + status.signal().unwrap_or(0);
    status.code().unwrap_or_else(signalled)
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

/// The exit status and output of a program. Failing assertions show all of it.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "--- status {status}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        )
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "exit status\n{self}");
        self
    }

    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Standard output is exactly this.
    #[track_caller]
    pub(crate) fn prints(self, stdout: &str) -> Self {
        assert_eq!(self.stdout, stdout, "{self}");
        self
    }

    /// Standard output contains this.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text),
            "no `{text}` on standard output\n{self}"
        );
        self
    }

    /// Standard output, read as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("{error}\n{self}"),
        }
    }

    /// Each line of standard output, read as JSON.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Standard output, read as CSV: the header and the rows.
    pub(crate) fn csv(&self) -> Vec<Vec<String>> {
        records(&self.stdout)
    }

    /// Standard error is exactly this.
    #[track_caller]
    pub(crate) fn reports(self, stderr: &str) -> Self {
        assert_eq!(self.stderr, stderr, "{self}");
        self
    }

    /// Standard error contains this.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stderr.contains(text),
            "no `{text}` on standard error\n{self}"
        );
        self
    }

    /// Standard error contains this once.
    #[track_caller]
    pub(crate) fn says_once(self, text: &str) -> Self {
        let times = self.stderr.matches(text).count();
        assert_eq!(times, 1, "`{text}` on standard error\n{self}");
        self
    }

    /// Neither stream contains this.
    #[track_caller]
    pub(crate) fn never_says(self, text: &str) -> Self {
        assert!(
            !self.stdout.contains(text) && !self.stderr.contains(text),
            "`{text:?}` in the output\n{self}"
        );
        self
    }
}

/// A sandbox in its own process.
pub(crate) struct Sandbox {
    pub(crate) server: Running,
    url: String,
    key: String,
}

impl Sandbox {
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The key that the sandbox printed.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.request("GET", path, "")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("POST", path, &body.to_string())
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        self.start_request(method, path, body)()
    }

    /// Sends a request, and returns a function that reads the response.
    pub(crate) fn start_request(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> impl FnOnce() -> (u16, Value) + use<> {
        let headers = format!("Authorization: Bearer {}\r\n", self.key);
        let stream = self.write_raw(&self.request_text(&headers, method, path, body));
        || read_response(stream)
    }

    /// The host and port.
    pub(crate) fn host(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Sends an HTTP request with these header lines, and returns the status and JSON of the response.
    pub(crate) fn request_as(
        &self,
        headers: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, Value) {
        self.send_raw(&self.request_text(headers, method, path, body))
    }

    fn request_text(&self, headers: &str, method: &str, path: &str, body: &str) -> String {
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
            self.host()
        )
    }

    /// Sends these bytes, and returns the status and JSON of the response.
    pub(crate) fn send_raw(&self, request: &str) -> (u16, Value) {
        read_response(self.write_raw(request))
    }

    fn write_raw(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }
}

fn read_response(mut stream: TcpStream) -> (u16, Value) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, json) = answer.split_once("\r\n\r\n").unwrap();
    (status, serde_json::from_str(json).unwrap_or(Value::Null))
}
