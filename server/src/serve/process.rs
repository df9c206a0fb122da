//! The server as a process: told by signals, and followed by a process of its own making.

use std::io;

use rustix::process::getpid;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::handover::{Handles, Predecessor};
use super::host::{End, Host};
use super::service_manager::ServiceManager;
use super::sockets::{Inherited, Sockets};
use super::successor::Program;
use super::{ServeError, run_hosted};
use crate::assets::Assets;
use crate::config::Config;
use crate::store::{self, Schema};

/// Serves as this process: until it is told to stop by a signal, or has handed over to a process that it has
/// started. Listens at what was inherited, and else where the settings say.
///
/// # Errors
/// See [`ServeError`].
pub async fn run_as_process(mut inherited: Inherited, config: Config) -> Result<(), ServeError> {
    // First of all: a signal that nobody hears ends the process.
    let process = Process::new()?;
    let assets = Assets::embedded().ok_or(ServeError::NoWidget)?;
    let sockets = Sockets::of(&mut inherited, &config).await?;
    let predecessor = inherited.predecessor.take();
    if predecessor.is_some() {
        refuse_to_migrate(&config).await?;
    }
    let process = process.at(&sockets, predecessor)?;
    run_hosted(sockets, config, assets, process).await
}

/// Two versions do not share tables that one of them changes.
async fn refuse_to_migrate(config: &Config) -> Result<(), ServeError> {
    match store::inspect(&config.database).await.map_err(ServeError::Open)?.schema {
        Schema::Behind(steps) => Err(ServeError::Migrates(steps)),
        Schema::None | Schema::Current | Schema::Ahead => Ok(()),
    }
}

/// The process: SIGTERM and ctrl-c end it, SIGUSR2 has it hand over to a successor.
struct Process {
    terminate: Signal,
    interrupt: Signal,
    succeed: Signal,
    program: Program,
    manager: ServiceManager,
    predecessor: Option<Predecessor>,
    /// Gone when it is to end, so that the sockets close when they are accepted from no longer.
    handles: Option<Handles>,
}

impl Process {
    /// From now on signals are heard.
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            succeed: signal(SignalKind::user_defined2())?,
            program: Program::of_this_process()?,
            manager: ServiceManager::of_this_process(),
            predecessor: None,
            handles: None,
        })
    }

    /// At these sockets, after that one.
    fn at(mut self, sockets: &Sockets, predecessor: Option<Predecessor>) -> io::Result<Self> {
        (self.handles, self.predecessor) = (Some(sockets.handles()?), predecessor);
        Ok(self)
    }

    /// Done when something is to happen, but for the successor that this may be waiting for.
    async fn told(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::End,
            _ = self.interrupt.recv() => Told::End,
            _ = self.succeed.recv() => Told::Succeed,
        }
    }

    /// Whether a successor serves in this one's place.
    async fn hand_over(&mut self) -> HandOver {
        let Some(handles) = &self.handles else { return HandOver::Failed };
        if getpid().is_init() {
            tracing::error!(
                "the first process of a container cannot hand over: its end is the container's"
            );
            return HandOver::Failed;
        }
        tracing::info!("starting a successor");
        self.manager.reloading();
        let succeeded = tokio::select! {
            succeeded = self.program.succeed(handles) => succeeded,
            _ = self.terminate.recv() => return HandOver::Interrupted,
            _ = self.interrupt.recv() => return HandOver::Interrupted,
        };
        match succeeded {
            Ok(process) => {
                tracing::info!(process, "handed over");
                self.manager.succeeded_by(process);
                HandOver::Done
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "no successor; this server goes on");
                self.manager.ready();
                HandOver::Failed
            }
        }
    }
}

enum Told {
    End,
    Succeed,
}

enum HandOver {
    Done,
    Failed,
    /// It was to end meanwhile.
    Interrupted,
}

impl Host for Process {
    fn serving(&mut self) {
        match self.predecessor.take() {
            // It tells the service manager, who listens to one process alone.
            Some(predecessor) => {
                if let Err(error) = predecessor.tell_ready() {
                    tracing::warn!(%error, "the server before this one does not listen");
                }
            }
            None => self.manager.ready(),
        }
    }

    async fn told_to_end(&mut self) -> End {
        let end = loop {
            match self.told().await {
                Told::End => break End::Stop,
                Told::Succeed => match self.hand_over().await {
                    HandOver::Done => break End::HandedOver,
                    HandOver::Interrupted => break End::Stop,
                    HandOver::Failed => {}
                },
            }
        };
        if end == End::Stop {
            self.manager.stopping();
        }
        self.handles = None;
        end
    }

    async fn told_again(&mut self) {
        while !matches!(self.told().await, Told::End) {}
    }
}
