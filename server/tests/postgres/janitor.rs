//! Sees to it that a test's databases go when the test is over: a run makes hundreds, of ten megabytes each.
//!
//! A test is a thread, so that what a thread made is done with when it ends. One other thread drops it then, so that no
//! test waits for that.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Sender};
use std::thread;

use tokio_postgres::NoTls;

thread_local! {
    static MADE: Made = const { Made(RefCell::new(Vec::new())) };
}

/// A database, and the folder that it belongs to.
struct Database {
    url: String,
    folder: Option<PathBuf>,
}

/// Those of one thread.
struct Made(RefCell<Vec<Database>>);

impl Drop for Made {
    fn drop(&mut self) {
        for database in self.0.take() {
            // It does not listen any more where the process ends, and the cluster soon does, too.
            let _ = janitor().send(database);
        }
    }
}

/// Has the database dropped after this thread; that of a folder only where the folder is gone by then, for others may
/// come to it.
pub(super) fn see_to(url: &str, folder: Option<&Path>) {
    let database = Database { url: url.to_owned(), folder: folder.map(Path::to_owned) };
    MADE.with(|made| made.0.borrow_mut().push(database));
}

fn janitor() -> &'static Sender<Database> {
    static JANITOR: OnceLock<Sender<Database>> = OnceLock::new();
    JANITOR.get_or_init(|| {
        let (sender, databases) = mpsc::channel::<Database>();
        thread::spawn(move || {
            for database in databases {
                if database.folder.as_deref().is_some_and(Path::exists) {
                    continue;
                }
                if let Err(error) = drop_database(&database.url) {
                    eprintln!("a test's database stays: {error}");
                }
            }
        });
        sender
    })
}

fn drop_database(url: &str) -> Result<(), tokio_postgres::Error> {
    let (cluster, name) = url.rsplit_once('/').expect("it ends in the name");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("it starts").block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&format!("{cluster}/postgres"), NoTls).await?;
        tokio::spawn(connection);
        // By force: whoever is still connected belongs to the test.
        client.batch_execute(&format!("drop database if exists {name} with (force)")).await
    })
}
