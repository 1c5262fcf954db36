//! Joining, starting and ending a sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::clock::{SPEEDS, Teller};
use super::error::Error;
use super::exchange::Observer;
use super::faults::Faults;
use super::home::{Home, unusable};
use super::lease::{self, Claim, Membership, Ownership, POLL};
use super::lifecycle::Status;
use super::routes::router;
use super::state::Store;

/// How long a joining process waits for the owner's server.
const JOIN_WITHIN: Duration = Duration::from_secs(5);
/// How long requests under way may take once the server is to end.
const GRACE: Duration = Duration::from_secs(2);

/// How to serve a sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory the sandbox keeps its state in; created where it is missing.
    pub home: PathBuf,
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// How many times as fast as real time the sandbox clock runs: from 1 to 1,000,000.
    pub speed: f64,
    /// Who tells the time in the place of that clock; what they say is not stored.
    pub teller: Option<Teller>,
    /// What is to go wrong.
    pub faults: Faults,
}

impl Options {
    /// Serves a home on any free port, at real speed and without faults.
    #[must_use]
    pub fn new(home: PathBuf) -> Self {
        Self {
            home,
            port: 0,
            speed: 1.0,
            teller: None,
            faults: Faults::default(),
        }
    }
}

/// A sandbox that can be used until it is released.
///
/// Dropping it instead ends the server of this process, if it has one, without regard to other
/// processes that use it.
#[derive(Debug)]
pub struct Sandbox {
    base_url: String,
    role: Role,
}

#[derive(Debug)]
enum Role {
    Client(Membership),
    Owner { home: Home, server: Server },
}

/// A running server. Dropping it withdraws the address and then, with `stop`, ends the task.
#[derive(Debug)]
struct Server {
    publication: Publication,
    store: Arc<Store>,
    stop: watch::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

/// The published address of this process's server.
///
/// It shares the ownership with the server's task, so that it never withdraws a successor's address.
#[derive(Debug)]
struct Publication(Arc<Ownership>);

impl Drop for Publication {
    fn drop(&mut self) {
        // A failure does no harm: the next owner removes what it finds before it lets anybody read.
        let _ = self.0.home().remove_address();
    }
}

impl Sandbox {
    /// Returns the URL of the sandbox, like `http://127.0.0.1:4100`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Tells whether the server runs in this process.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        matches!(self.role, Role::Owner { .. })
    }

    /// Puts the latest session of the candidate with the address `email` into the status called
    /// `word`, where it stays however much time passes.
    ///
    /// # Errors
    /// Fails when another process serves the sandbox, when the candidate has no session, when no
    /// session can be put into that status, or when the database cannot be used.
    pub fn set_status(&self, email: &str, word: &str) -> Result<(), Error> {
        let Role::Owner { server, .. } = &self.role else {
            return Err(Error::Joined);
        };
        let status = Status::settled(word).ok_or_else(|| Error::Status {
            word: word.to_owned(),
        })?;
        if server.store.settle(email, status)? {
            return Ok(());
        }
        Err(Error::NoSession {
            email: email.to_owned(),
        })
    }

    /// Ends the use of the sandbox; an owner serves on until no other process uses it.
    ///
    /// `on_wait` is called if the owner has to wait, before it does. The future may be dropped
    /// while it waits, which is the same as dropping the sandbox.
    ///
    /// # Errors
    /// Fails when the owner cannot store its state.
    pub async fn release(self, on_wait: impl FnOnce()) -> Result<(), Error> {
        match self.role {
            Role::Client(membership) => drop(membership),
            Role::Owner { home, server } => {
                // Held until the server has ended: a process that joins in between waits, and then
                // starts its own.
                let _closure = lease::close(&home, on_wait).await?;
                drop(server.publication);
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

/// Joins the sandbox that serves a home, or starts one on a free port at real speed.
///
/// It has to be called within a tokio runtime, whose tasks then serve.
///
/// # Errors
/// Fails when the home or its database cannot be used, or when the process that serves it does not
/// answer.
pub async fn attach(home: &Path) -> Result<Sandbox, Error> {
    let home = Home::prepare(home)?;
    let deadline = Instant::now() + JOIN_WITHIN;
    while Instant::now() < deadline {
        if let Some(membership) = lease::join(&home)? {
            match wait_for_owner(&home, deadline).await? {
                Some(Found::Server(address)) => {
                    return Ok(Sandbox {
                        base_url: base_url(address),
                        role: Role::Client(membership),
                    });
                }
                Some(Found::Nobody(ownership)) => {
                    drop(membership);
                    return serve(ownership, Options::new(home.dir().to_owned()), None).await;
                }
                None => break,
            }
        }
        sleep(POLL).await;
    }
    Err(Error::Silent {
        home: home.dir().to_owned(),
    })
}

/// Starts a sandbox; `observer` is told of every request.
///
/// It has to be called within a tokio runtime, whose tasks then serve.
///
/// # Errors
/// Fails when another process serves the home already, when the port cannot be listened on, when
/// the speed is out of bounds, or when the home or its database cannot be used.
pub async fn start(options: Options, observer: Option<Observer>) -> Result<Sandbox, Error> {
    if !SPEEDS.contains(&options.speed) {
        return Err(Error::Speed {
            speed: options.speed,
        });
    }
    let ownership = own(&Home::prepare(&options.home)?)?;
    serve(ownership, options, observer).await
}

/// Empties a sandbox: the sample assessments are all that is left, and its clock shows real time
/// again.
///
/// # Errors
/// Fails when a process serves the home, or when the home or its database cannot be used.
pub fn reset(home: &Path) -> Result<(), Error> {
    let ownership = own(&Home::prepare(home)?)?;
    Store::reset(&ownership.home().database()?)
}

/// What a joining process finds.
enum Found {
    Server(SocketAddr),
    Nobody(Ownership),
}

/// Waits for the owner to listen; becomes the owner if there is none, or none any more.
async fn wait_for_owner(home: &Home, deadline: Instant) -> Result<Option<Found>, Error> {
    while Instant::now() < deadline {
        match lease::claim(home)? {
            Claim::Owned(ownership) => return Ok(Some(Found::Nobody(ownership))),
            Claim::Taken(Some(address)) if answers(address).await => {
                return Ok(Some(Found::Server(address)));
            }
            Claim::Taken(_) => sleep(POLL).await,
        }
    }
    Ok(None)
}

fn own(home: &Home) -> Result<Ownership, Error> {
    match lease::claim(home)? {
        Claim::Owned(ownership) => Ok(ownership),
        Claim::Taken(address) => Err(Error::Running {
            home: home.dir().to_owned(),
            address,
        }),
    }
}

async fn answers(address: SocketAddr) -> bool {
    matches!(
        timeout(Duration::from_millis(500), TcpStream::connect(address)).await,
        Ok(Ok(_))
    )
}

async fn serve(
    ownership: Ownership,
    options: Options,
    observer: Option<Observer>,
) -> Result<Sandbox, Error> {
    let home = ownership.home().clone();
    let port = options.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| Error::Port { port, source })?;
    let address = listener
        .local_addr()
        .map_err(|source| unusable(home.dir(), source))?;
    let store = Arc::new(Store::open(
        &home.database()?,
        options.speed,
        options.teller,
    )?);
    let service = router(Arc::clone(&store), options.faults, observer);
    let (stop, stopped) = watch::channel(());
    let publication = Publication(Arc::new(ownership));
    home.write_address(address)?;
    let ownership = Arc::clone(&publication.0);
    let kept = Arc::clone(&store);
    let task = tokio::spawn(async move {
        run(listener, service, stopped).await;
        let closed = kept.close();
        drop(ownership);
        closed
    });
    let server = Server {
        publication,
        store,
        stop,
        task,
    };
    Ok(Sandbox {
        base_url: base_url(address),
        role: Role::Owner { home, server },
    })
}

/// Serves until the other end of `stopped` is dropped, and then as long as requests are under way,
/// but not for ever: an idle or stalled connection must not keep the process.
async fn run(listener: TcpListener, service: axum::Router, stopped: watch::Receiver<()>) {
    let dropped =
        |mut stopped: watch::Receiver<()>| async move { while stopped.changed().await.is_ok() {} };
    let serving = axum::serve(listener, service).with_graceful_shutdown(dropped(stopped.clone()));
    let patience = async {
        dropped(stopped).await;
        sleep(GRACE).await;
    };
    tokio::select! {
        _ = serving => {}
        () = patience => {}
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}
