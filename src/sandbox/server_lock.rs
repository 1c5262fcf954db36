//! Which process serves a data directory: three file locks.
//!
//! - `sandbox.lock` is held by the owner, the process that serves.
//! - `sandbox.clients` is held shared by every joined process; an owner that wants to leave takes it exclusively.
//! - `sandbox.gate` is held while a process tries to become the owner and then removes its predecessor's address. A process
//!   that holds the gate and finds the owner lock taken can therefore trust the published address.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use super::data_dir::{DataDir, unusable};
use super::error::Error;
use crate::file_lock::{FileLock, LockMode};

/// How often to check again for a lock or an address.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The right to serve a data directory, until dropped.
#[derive(Debug)]
pub(crate) struct ServerLock {
    pub(crate) data_dir: DataDir,
    _lock: FileLock,
}

/// The result of an attempt to become the owner.
#[derive(Debug)]
pub(crate) enum LockAttempt {
    Acquired(ServerLock),
    /// `None` while the other process is starting or leaving.
    HeldByOther(Option<SocketAddr>),
}

/// Tries to become the owner of a data directory.
pub(crate) fn try_acquire(data_dir: &DataDir) -> Result<LockAttempt, Error> {
    let gate = data_dir.gate_file();
    let _gate = FileLock::acquire(&gate).map_err(|source| unusable(&gate, source))?;
    if let Some(lock) = try_lock(&data_dir.owner_file(), LockMode::Exclusive)? {
        data_dir.remove_address()?;
        Ok(LockAttempt::Acquired(ServerLock {
            data_dir: data_dir.clone(),
            _lock: lock,
        }))
    } else {
        Ok(LockAttempt::HeldByOther(data_dir.read_address()))
    }
}

/// Makes the owner keep serving, until dropped.
#[derive(Debug)]
pub(crate) struct ClientLock {
    _lock: FileLock,
}

/// Tries to become a client; `None` while the owner is leaving.
pub(crate) fn try_join(data_dir: &DataDir) -> Result<Option<ClientLock>, Error> {
    let lock = try_lock(&data_dir.clients_file(), LockMode::Shared)?;
    Ok(lock.map(|lock| ClientLock { _lock: lock }))
}

/// Keeps new clients out while the owner leaves, until dropped.
#[derive(Debug)]
pub(crate) struct ShutdownLock {
    _lock: FileLock,
}

/// Waits until no client is left; calls `on_wait` first if there is one.
///
/// It polls instead of blocking a thread in `lock`, so that the future can be dropped at any time and never delays the end of
/// the runtime.
pub(crate) async fn wait_for_clients(
    data_dir: &DataDir,
    on_wait: impl FnOnce(),
) -> Result<ShutdownLock, Error> {
    let path = data_dir.clients_file();
    let mut on_wait = Some(on_wait);
    loop {
        if let Some(lock) = try_lock(&path, LockMode::Exclusive)? {
            return Ok(ShutdownLock { _lock: lock });
        }
        if let Some(on_wait) = on_wait.take() {
            on_wait();
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

fn try_lock(path: &Path, mode: LockMode) -> Result<Option<FileLock>, Error> {
    FileLock::try_acquire(path, mode).map_err(|source| unusable(path, source))
}
