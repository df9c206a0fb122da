//! The only browser I/O.
