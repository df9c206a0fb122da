//! Free space where the server writes.

use std::path::Path;

use rustix::fs::statvfs;

use super::{Finding, files};
use crate::config::Config;
use crate::erasures::Erasures;
use crate::store;

const MEBIBYTE: u64 = 1 << 20;
/// Fewer MiB are soon used up.
const FEW: u64 = 1024;
/// With fewer MiB a write-ahead log that grows for a backup may fill the disk.
const TOO_FEW: u64 = 100;

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let database = store::file(&config.database).ok();
    let erasures = Erasures::of(config).path().to_owned();
    let kept = database.map(|path| ("database", path)).into_iter().chain([("erasures", erasures)]);
    kept.filter_map(|(about, path)| free(about, &files::folder(&path))).collect()
}

fn free(about: &'static str, folder: &Path) -> Option<Finding> {
    let disk = statvfs(folder).ok()?;
    Some(judge(about, folder, disk.f_bavail.saturating_mul(disk.f_frsize) / MEBIBYTE))
}

fn judge(about: &'static str, folder: &Path, free: u64) -> Finding {
    let says = format!("{free} MiB are free in {}", folder.display());
    match free {
        ..TOO_FEW => Finding::error(about, says),
        ..FEW => Finding::warning(about, says),
        _ => Finding::ok(about, says),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_is_told_from_one_that_will_be() {
        let level = |free| judge("database", Path::new("/srv"), free).level;
        assert_eq!(
            [level(99), level(100), level(1023)],
            [Level::Error, Level::Warning, Level::Warning]
        );
        assert_eq!(level(1024), Level::Ok);
        assert!(free("database", Path::new("/")).is_some());
    }
}
