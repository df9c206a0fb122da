//! The one build path.
fn main() {}
