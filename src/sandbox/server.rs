//! Joins, starts and stops a sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::clock::SPEEDS;
use super::data_dir::{DataDir, unusable};
use super::error::Error;
use super::host_check::LocalNames;
use super::key::SandboxKey;
use super::observer::Observer;
use super::options::Options;
use super::routes::router;
use super::server_lock::{self, ClientLock, LockAttempt, POLL_INTERVAL, ServerLock};
use super::state::Store;
use crate::session_status::SessionStatus;

/// How long a joining process waits for the server of the owner.
const JOIN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long requests in flight may take once the server is stopping.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// A sandbox that can be used until it is released.
///
/// Dropping it instead stops the server of this process, if it has one, even if other processes use it.
#[derive(Debug)]
pub struct Sandbox {
    /// The URL of the sandbox, like `http://127.0.0.1:4100`.
    pub base_url: String,
    key: SandboxKey,
    /// The path of the file that contains the key.
    pub key_path: PathBuf,
    role: Role,
}

#[derive(Debug)]
enum Role {
    Client(ClientLock),
    Owner { data_dir: DataDir, server: Server },
}

/// A running server. Dropping it removes the published address, and then ends the task by dropping `stop`.
#[derive(Debug)]
struct Server {
    published_address: PublishedAddress,
    store: Arc<Store>,
    stop: watch::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

/// Removes the published address when dropped.
///
/// It shares the lock with the server's task, so that it never removes the address of a successor.
#[derive(Debug)]
struct PublishedAddress(Arc<ServerLock>);

impl Drop for PublishedAddress {
    fn drop(&mut self) {
        // A failure does no harm: the next owner removes an old address before anyone can read it.
        let _ = self.0.data_dir.remove_address();
    }
}

impl Sandbox {
    /// Returns the key that the sandbox accepts.
    pub fn key(&self) -> &str {
        self.key.as_str()
    }

    /// Puts the candidate's latest session into the status `name`. It stays there however much time passes.
    ///
    /// # Errors
    /// Another process serves the sandbox, the candidate has no session, no session can be put into that status, or the database
    /// cannot be used.
    pub fn set_status(&self, email: &str, name: &str) -> Result<(), Error> {
        let Role::Owner { server, .. } = &self.role else {
            return Err(Error::NotOwner);
        };
        // The sandbox scores at once, so no session of it is ever `scoring`.
        let status = SessionStatus::of(name).filter(|status| *status != SessionStatus::Scoring);
        let status = status.ok_or_else(|| Error::Status {
            name: name.to_owned(),
        })?;
        if server.store.force_status(email, status)? {
            return Ok(());
        }
        Err(Error::NoSession {
            email: email.to_owned(),
        })
    }

    /// Ends the use of the sandbox. An owner keeps serving until no other process uses it.
    ///
    /// `on_wait` is called before the owner waits, if it has to. Dropping the future while it waits is the same as dropping the
    /// sandbox.
    pub async fn release(self, on_wait: impl FnOnce()) -> Result<(), Error> {
        match self.role {
            Role::Client(client_lock) => drop(client_lock),
            Role::Owner { data_dir, server } => {
                // Held until the server has stopped: a process that joins in between waits, and then starts its own.
                let _shutdown_lock = server_lock::wait_for_clients(&data_dir, on_wait).await?;
                drop(server.published_address);
                drop(server.stop);
                server
                    .task
                    .await
                    .map_err(|source| Error::Stopped { source })??;
            }
        }
        Ok(())
    }
}

/// Joins the sandbox that serves a data directory, or starts one on a free port at real speed.
///
/// Must be called within a tokio runtime, which then runs the server.
///
/// # Errors
/// The directory or its database cannot be used, or the process that serves it does not answer.
pub async fn attach(data_dir: &Path) -> Result<Sandbox, Error> {
    let data_dir = DataDir::prepare(data_dir)?;
    let deadline = Instant::now() + JOIN_TIMEOUT;
    while Instant::now() < deadline {
        if let Some(client_lock) = server_lock::try_join(&data_dir)? {
            match wait_for_owner(&data_dir, deadline).await? {
                Some(OwnerStatus::Server(address)) => {
                    return Ok(Sandbox {
                        base_url: base_url(address),
                        key: data_dir.key()?,
                        key_path: data_dir.key_path(),
                        role: Role::Client(client_lock),
                    });
                }
                Some(OwnerStatus::NoOwner(server_lock)) => {
                    drop(client_lock);
                    return serve(server_lock, Options::new(data_dir.dir.clone()), None).await;
                }
                None => break,
            }
        }
        sleep(POLL_INTERVAL).await;
    }
    Err(Error::NotResponding {
        data_dir: data_dir.dir.clone(),
    })
}

/// Starts a sandbox; `observer` is called after every request.
///
/// Must be called within a tokio runtime, which then runs the server.
///
/// # Errors
/// Another process serves the data directory, the port is in use, the speed is out of range, or the directory or its database
/// cannot be used.
pub async fn start(options: Options, observer: Option<Observer>) -> Result<Sandbox, Error> {
    if !SPEEDS.contains(&options.speed) {
        return Err(Error::Speed {
            speed: options.speed,
        });
    }
    let server_lock = acquire_server_lock(&DataDir::prepare(&options.data_dir)?)?;
    serve(server_lock, options, observer).await
}

/// Empties a sandbox: only the sample assessments are left, and its clock shows real time again.
///
/// # Errors
/// A process serves the data directory, or the directory or its database cannot be used.
pub fn reset(data_dir: &Path) -> Result<(), Error> {
    let server_lock = acquire_server_lock(&DataDir::prepare(data_dir)?)?;
    Store::reset(&server_lock.data_dir.database()?)
}

enum OwnerStatus {
    Server(SocketAddr),
    NoOwner(ServerLock),
}

/// Waits for the owner to listen, or becomes the owner if there is none; `None` after `deadline`.
async fn wait_for_owner(
    data_dir: &DataDir,
    deadline: Instant,
) -> Result<Option<OwnerStatus>, Error> {
    while Instant::now() < deadline {
        match server_lock::try_acquire(data_dir)? {
            LockAttempt::Acquired(server_lock) => {
                return Ok(Some(OwnerStatus::NoOwner(server_lock)));
            }
            LockAttempt::HeldByOther(Some(address)) if is_listening(address).await => {
                return Ok(Some(OwnerStatus::Server(address)));
            }
            LockAttempt::HeldByOther(_) => sleep(POLL_INTERVAL).await,
        }
    }
    Ok(None)
}

fn acquire_server_lock(data_dir: &DataDir) -> Result<ServerLock, Error> {
    match server_lock::try_acquire(data_dir)? {
        LockAttempt::Acquired(server_lock) => Ok(server_lock),
        LockAttempt::HeldByOther(address) => Err(Error::Running {
            data_dir: data_dir.dir.clone(),
            address,
        }),
    }
}

async fn is_listening(address: SocketAddr) -> bool {
    matches!(
        timeout(Duration::from_millis(500), TcpStream::connect(address)).await,
        Ok(Ok(_))
    )
}

async fn serve(
    server_lock: ServerLock,
    options: Options,
    observer: Option<Observer>,
) -> Result<Sandbox, Error> {
    let data_dir = server_lock.data_dir.clone();
    // Before anyone can connect, so that everyone who can finds the key.
    let key = data_dir.key()?;
    let port = options.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| Error::Port { port, source })?;
    let address = listener
        .local_addr()
        .map_err(|source| unusable(&data_dir.dir, source))?;
    let store = Arc::new(Store::open(
        &data_dir.database()?,
        options.speed,
        options.time_source,
    )?);
    let service = router(
        Arc::clone(&store),
        key.clone(),
        LocalNames::of(address.port()),
        options.faults,
        observer,
    );
    let (stop, stopped) = watch::channel(());
    let published_address = PublishedAddress(Arc::new(server_lock));
    data_dir.write_address(address)?;
    let server_lock = Arc::clone(&published_address.0);
    let task_store = Arc::clone(&store);
    let task = tokio::spawn(async move {
        run(listener, service, stopped).await;
        let closed = task_store.close();
        drop(server_lock);
        closed
    });
    let server = Server {
        published_address,
        store,
        stop,
        task,
    };
    Ok(Sandbox {
        base_url: base_url(address),
        key,
        key_path: data_dir.key_path(),
        role: Role::Owner { data_dir, server },
    })
}

/// Serves until the sender of `stopped` is dropped. Requests in flight may then finish, but only for a short time: an idle or
/// stalled connection must not keep the process alive.
async fn run(listener: TcpListener, service: axum::Router, stopped: watch::Receiver<()>) {
    let dropped =
        |mut stopped: watch::Receiver<()>| async move { while stopped.changed().await.is_ok() {} };
    let serving = axum::serve(listener, service).with_graceful_shutdown(dropped(stopped.clone()));
    let shutdown_timeout = async {
        dropped(stopped).await;
        sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        _ = serving => {}
        () = shutdown_timeout => {}
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}
