//! The process itself, under the names that Prometheus has for it everywhere. Where the system has no `/proc`, its
//! figures are 0.

use std::fs;
use std::sync::atomic::AtomicU64;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::gauge::Gauge;
use rustix::param::page_size;
use rustix::process::{Resource, getrlimit};

use super::{Catalogue, number};

/// What the process takes, and since when it runs.
pub(super) struct Process {
    memory: Gauge,
    files: Gauge,
    most_files: Gauge,
    started: Gauge<f64, AtomicU64>,
}

impl Default for Process {
    fn default() -> Self {
        let started = Gauge::<f64, AtomicU64>::default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        started.set(now.as_secs_f64());
        let (memory, files, most_files) = Default::default();
        Self { memory, files, most_files, started }
    }
}

impl Process {
    pub(super) fn name(&self, catalogue: &mut Catalogue<'_>) {
        catalogue.add(
            "process_resident_memory_bytes",
            "Memory that is not swapped out, in bytes",
            self.memory.clone(),
        );
        catalogue.add("process_open_fds", "Files and sockets open", self.files.clone());
        catalogue.add("process_max_fds", "As many may be open", self.most_files.clone());
        catalogue.add(
            "process_start_time_seconds",
            "When it started, in seconds since 1970",
            self.started.clone(),
        );
    }

    pub(super) fn look(&self) {
        self.memory.set(number(resident_pages().unwrap_or_default() * page_size()));
        self.files.set(number(fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)));
        self.most_files.set(getrlimit(Resource::Nofile).current.map_or(i64::MAX, number));
    }
}

/// See proc_pid_statm(5): the second number.
fn resident_pages() -> Option<usize> {
    let statm = fs::read_to_string("/proc/self/statm").ok()?;
    statm.split_ascii_whitespace().nth(1)?.parse().ok()
}
