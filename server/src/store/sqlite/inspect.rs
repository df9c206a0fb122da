//! A database that is only looked at.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{connection, file};
use crate::store::{Inspected, Schema};

/// Looks at the file at `path`, and makes none.
pub(in crate::store) async fn inspect(path: &str) -> anyhow::Result<Inspected> {
    let path = file(path)?;
    tokio::task::spawn_blocking(move || inspect_file(path)).await?
}

fn inspect_file(path: PathBuf) -> anyhow::Result<Inspected> {
    let schema = if path.exists() { schema(&path)? } else { Schema::None };
    Ok(Inspected { place: path.display().to_string(), schema, now: None })
}

fn schema(path: &Path) -> anyhow::Result<Schema> {
    let cannot = || format!("cannot open the database {}", path.display());
    let connection = connection::open_reader(path).with_context(cannot)?;
    let seen = connection::schema_version(&connection, "main").with_context(cannot)?;
    Ok(Schema::of(seen, connection::LATEST))
}
