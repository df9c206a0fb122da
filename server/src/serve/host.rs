//! Who runs the server: a caller in this process, or the process itself, told by signals.

use std::future::Future;
use std::io;
use std::pin::Pin;

use rustix::process::getpid;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::handover::{Handles, Predecessor};
use super::service_manager::ServiceManager;
use super::sockets::Sockets;
use super::successor::Program;

/// Hears that the server serves, and says when it is to end.
pub(super) trait Host {
    /// Readers are served from now on.
    fn serving(&mut self);
    /// Done when the server is to end.
    async fn told_to_end(&mut self) -> End;
    /// Done when it is told so once more: it is to hurry.
    async fn told_again(&mut self);
}

/// What comes after the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing.
    Stop,
    /// Another process, which listens at its sockets already.
    HandedOver,
}

/// A caller, whose future is done when the server is to end.
pub(super) struct Caller<F>(Pin<Box<F>>);

impl<F: Future<Output = ()>> Caller<F> {
    pub(super) fn new(shutdown: F) -> Self {
        Self(Box::pin(shutdown))
    }
}

impl<F: Future<Output = ()>> Host for Caller<F> {
    fn serving(&mut self) {}

    async fn told_to_end(&mut self) -> End {
        self.0.as_mut().await;
        End::Stop
    }

    async fn told_again(&mut self) {
        std::future::pending().await
    }
}

/// The process: SIGTERM and ctrl-c end it, SIGUSR2 has it hand over to a successor.
pub(super) struct Process {
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
    pub(super) fn new() -> io::Result<Self> {
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
    pub(super) fn at(
        mut self,
        sockets: &Sockets,
        predecessor: Option<Predecessor>,
    ) -> io::Result<Self> {
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
