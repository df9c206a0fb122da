//! Whether both sides are alike: rows and SHA-256 of each table, summed up on each side by itself.

use futures_util::try_join;
use sha2::{Digest as _, Sha256};

use super::row::{Side, Value};
use super::table::Shape;

/// A table on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its name.
    pub table: &'static str,
    /// What the file has.
    pub source: Sum,
    /// What the database has.
    pub target: Sum,
}

/// What a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over them in the order of their keys.
    pub digest: [u8; 32],
}

impl Checked {
    /// Whether both have the same.
    pub fn is_alike(&self) -> bool {
        self.source == self.target
    }
}

/// Sums up every table.
pub(super) async fn compare(
    source: &dyn Side,
    target: &dyn Side,
    shapes: &[Shape],
) -> anyhow::Result<Vec<Checked>> {
    let mut checked = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let (source, target) = try_join!(sum(source, shape), sum(target, shape))?;
        checked.push(Checked { table: shape.table.name, source, target });
    }
    Ok(checked)
}

async fn sum(side: &dyn Side, shape: &Shape) -> anyhow::Result<Sum> {
    let (mut digest, mut rows) = (Sha256::new(), 0);
    let mut after: Option<Vec<Value>> = None;
    loop {
        let piece = side.piece(shape, after.as_deref()).await?;
        for row in &piece.rows {
            row.iter().for_each(|value| add(&mut digest, value));
            rows += 1;
        }
        match piece.rows.last().filter(|_| !piece.is_last) {
            Some(row) => after = Some(row[..shape.table.key.len()].to_vec()),
            None => return Ok(Sum { rows, digest: digest.finalize().into() }),
        }
    }
}

/// Each value says what it is and how long, so that no two rows look alike that are not.
fn add(digest: &mut Sha256, value: &Value) {
    let (kind, bytes): (u8, &[u8]) = match value {
        Value::Null => (0, &[]),
        Value::Number(number) => (1, &number.to_be_bytes()),
        Value::Text(text) => (2, text.as_bytes()),
        Value::Bytes(bytes) => (3, bytes),
    };
    digest.update([kind]);
    digest.update((bytes.len() as u64).to_be_bytes());
    digest.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(row: &[Value]) -> [u8; 32] {
        let mut digest = Sha256::new();
        row.iter().for_each(|value| add(&mut digest, value));
        digest.finalize().into()
    }

    #[test]
    fn no_two_rows_look_alike_that_are_not() {
        let text = |text: &str| Value::Text(text.to_owned());
        let rows = [
            vec![text("ab"), text("c")],
            vec![text("a"), text("bc")],
            vec![text("abc")],
            vec![Value::Bytes(b"abc".to_vec())],
            vec![Value::Null, text("abc")],
            vec![Value::Number(0)],
            vec![Value::Null],
        ];
        for (place, row) in rows.iter().enumerate() {
            assert!(rows[..place].iter().all(|other| digest(other) != digest(row)), "{row:?}");
        }
    }
}
