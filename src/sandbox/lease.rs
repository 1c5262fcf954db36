//! Who serves a home: three advisory file locks, which the system releases when a process dies.
//!
//! `sandbox.lock` is held by the owner, the process that serves. `sandbox.clients` is held shared
//! by every joined process; an owner that wants to leave takes it exclusively. `sandbox.gate` is
//! held for the instant in which a process tries to become owner and, if it did, removes its
//! predecessor's address: whoever finds the owner lock taken behind the gate can therefore trust
//! the address that is published.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::time::Duration;

use super::error::Error;
use super::home::{Home, unusable};

/// How often a lock or an address that is not there yet is looked at again.
pub(crate) const POLL: Duration = Duration::from_millis(20);

/// The right to serve a home, until dropped.
#[derive(Debug)]
pub(crate) struct Ownership {
    home: Home,
    _lock: File,
}

impl Ownership {
    /// Returns the home.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }
}

/// The outcome of an attempt to become the owner.
#[derive(Debug)]
pub(crate) enum Claim {
    /// This process is the owner now.
    Owned(Ownership),
    /// Another one is; it listens at the address unless it is still starting or already leaving.
    Taken(Option<SocketAddr>),
}

/// Tries to become the owner of a home.
pub(crate) fn claim(home: &Home) -> Result<Claim, Error> {
    let gate = home.gate_file()?;
    gate.lock().map_err(|source| unusable(home.dir(), source))?;
    let lock = home.owner_file()?;
    if try_lock(home, lock.try_lock())? {
        home.remove_address()?;
        Ok(Claim::Owned(Ownership {
            home: home.clone(),
            _lock: lock,
        }))
    } else {
        Ok(Claim::Taken(home.read_address()))
    }
}

/// The promise of the owner to keep serving, until dropped.
#[derive(Debug)]
pub(crate) struct Membership {
    _lock: File,
}

/// Tries to become a client of a home; none while its owner is leaving.
pub(crate) fn join(home: &Home) -> Result<Option<Membership>, Error> {
    let lock = home.clients_file()?;
    let joined = try_lock(home, lock.try_lock_shared())?;
    Ok(joined.then_some(Membership { _lock: lock }))
}

/// Keeps new clients out while the owner leaves, until dropped.
#[derive(Debug)]
pub(crate) struct Closure {
    _lock: File,
}

/// Waits until no client is left; calls `on_wait` first if there is one.
///
/// It polls instead of blocking a thread in `lock`, so that the future can be dropped at any time
/// and never holds up the end of the runtime.
pub(crate) async fn close(home: &Home, on_wait: impl FnOnce()) -> Result<Closure, Error> {
    let lock = home.clients_file()?;
    if !try_lock(home, lock.try_lock())? {
        on_wait();
        while !try_lock(home, lock.try_lock())? {
            tokio::time::sleep(POLL).await;
        }
    }
    Ok(Closure { _lock: lock })
}

fn try_lock(home: &Home, attempt: Result<(), TryLockError>) -> Result<bool, Error> {
    match attempt {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(unusable(home.dir(), source)),
    }
}
