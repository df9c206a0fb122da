//! Work that comes back every so often. A run that fails, or panics, is logged, and the next one
//! comes all the same.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::traces;

/// The periodic tasks of one server.
pub struct Jobs {
    stopping: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
}

/// What becomes of a run that is under way when it is time to stop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtStop {
    Finish,
    Abandon,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { stopping: watch::Sender::new(false), tasks: Mutex::default() }
    }
}

impl Jobs {
    /// No job yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `job` now and then every `period`, counted from the beginning of the run before. Must be
    /// called inside a Tokio runtime.
    pub fn every<J, F>(&self, name: &'static str, period: Duration, job: J)
    where
        J: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.begin(name, period, job, AtStop::Finish);
    }

    /// The same with a job that waits for others and can be left off at any point: what is under way is not
    /// waited for when it is time to stop.
    pub fn every_interruptible<J, F>(&self, name: &'static str, period: Duration, job: J)
    where
        J: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.begin(name, period, job, AtStop::Abandon);
    }

    fn begin<J, F>(&self, name: &'static str, period: Duration, job: J, at_stop: AtStop)
    where
        J: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let job = Arc::new(job);
        let mut stopping = self.stopping.subscribe();
        let task = async move {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    biased;
                    _ = stopping.wait_for(|stopping| *stopping) => return,
                    _ = ticks.tick() => {}
                }
                let job = job.clone();
                // The call too is made in there, so that a panic in it ends that run alone.
                let mut run = tokio::spawn(traces::job(name, async move { job().await }));
                let ended = tokio::select! {
                    ended = &mut run => ended,
                    _ = stopping.wait_for(|stopping| *stopping), if at_stop == AtStop::Abandon => {
                        return run.abort();
                    }
                };
                match ended {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!(job = name, error = format!("{error:#}")),
                    Err(panic) => tracing::error!(job = name, %panic),
                }
            }
        };
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(task);
    }

    /// Begins no further run and waits for those that are under way and cannot be interrupted.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.join_all().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_job_goes_on_after_a_failure_and_a_panic_until_it_is_stopped() {
        let jobs = Jobs::new();
        let runs = Arc::new(AtomicU32::new(0));
        let (last, mut reached) = watch::channel(false);
        let counter = runs.clone();
        jobs.every("test", Duration::from_millis(1), move || {
            let (run, last) = (counter.fetch_add(1, Ordering::SeqCst), last.clone());
            assert_ne!(run, 2, "the call of the third panics");
            async move {
                match run {
                    0 => anyhow::bail!("the first run fails"),
                    1 => panic!("the second panics"),
                    _ => last.send_replace(true),
                };
                Ok(())
            }
        });
        reached.wait_for(|reached| *reached).await.unwrap();
        jobs.stop().await;
        assert_eq!(Arc::strong_count(&runs), 1, "the job is gone, and with it every further run");
    }

    #[tokio::test]
    async fn one_that_can_be_interrupted_keeps_nobody_from_stopping() {
        let jobs = Jobs::new();
        let (begun, mut begins) = watch::channel(false);
        jobs.every_interruptible("test", Duration::from_millis(1), move || {
            begun.send_replace(true);
            std::future::pending()
        });
        begins.wait_for(|begun| *begun).await.unwrap();
        jobs.stop().await;
        assert!(begins.changed().await.is_err(), "the job is gone");
    }
}
