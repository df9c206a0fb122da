//! Checksums of files that the store keeps for long and gives out to be kept for a year: what a disk has changed of
//! them meanwhile is not given out.

use sha2::{Digest, Sha256};

use super::{Asset, StoreError};

/// SHA-256 of a file.
pub(super) type FileSum = [u8; 32];

impl Asset {
    /// Of all that it is.
    pub(super) fn sum(&self) -> FileSum {
        let Self { name, media_type, identity, gzip, brotli } = self;
        sum_of(&[name.as_bytes(), media_type.as_bytes(), identity, gzip, brotli])
    }
}

/// Of parts, none of which can pass for a bit of its neighbour.
pub(super) fn sum_of(parts: &[&[u8]]) -> FileSum {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update((part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    sum.finalize().into()
}

/// Holds a file against the sum that was kept with it, if one was.
///
/// # Errors
/// [`StoreError::Damaged`] where it is another; `name` says of which file.
pub(super) fn check(sum: FileSum, kept: Option<&[u8]>, name: &str) -> Result<(), StoreError> {
    match kept {
        Some(kept) if kept != sum => {
            Err(StoreError::Damaged(anyhow::anyhow!("{name} is not what was kept")))
        }
        _ => Ok(()),
    }
}

/// Takes note of damage that came up where something was read.
///
/// # Errors
/// Any other failure.
pub(super) fn note_damage<T>(
    read: Result<T, StoreError>,
    damage: &mut Vec<String>,
) -> Result<(), StoreError> {
    match read {
        Err(StoreError::Damaged(cause)) => damage.push(format!("{cause:#}")),
        read => drop(read?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_moves_to_the_next_part_changes_the_sum() {
        assert_ne!(sum_of(&[b"ab", b"c"]), sum_of(&[b"a", b"bc"]));
    }

    #[test]
    fn what_has_no_sum_yet_is_taken_as_it_is() {
        let sum = sum_of(&[b"a"]);
        assert!(check(sum, None, "a").is_ok() && check(sum, Some(&sum), "a").is_ok());
        let changed = check(sum, Some(&sum_of(&[b"b"])), "a");
        assert!(matches!(changed, Err(StoreError::Damaged(_))), "{changed:?}");
    }
}
