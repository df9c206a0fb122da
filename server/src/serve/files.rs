//! How many files, and so how many connections, the process may have open.

use rustix::process::{Resource, getrlimit, setrlimit};

/// For every connection, and a few for the database and the pictures. Many systems start a process
/// with 1,024.
const WANTED: u64 = 8_192;

/// Lets the process open as many files as it may need, or as the system allows. Where those are too
/// few, the log says so.
pub fn raise_limit_of_files() {
    let mut limit = getrlimit(Resource::Nofile);
    // None stands for no limit.
    let is_enough = |files: Option<u64>| files.is_none_or(|files| files >= WANTED);
    if is_enough(limit.current) {
        return;
    }
    limit.current = if is_enough(limit.maximum) { Some(WANTED) } else { limit.maximum };
    let raised = setrlimit(Resource::Nofile, limit);
    if raised.is_err() || !is_enough(limit.current) {
        let allowed = getrlimit(Resource::Nofile).current;
        tracing::warn!(allowed, wanted = WANTED, "few files may be open, and so few connections");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_may_be_open_as_are_wanted_or_allowed() {
        raise_limit_of_files();
        let limit = getrlimit(Resource::Nofile);
        let expected = limit.maximum.map_or(WANTED, |most| most.min(WANTED));
        assert!(limit.current.is_none_or(|current| current >= expected));
    }
}
