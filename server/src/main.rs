//! `article-server`: see `--help`.

fn main() {}
