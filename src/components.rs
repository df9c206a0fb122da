//! One visible part per file. Each is pure: props in, HTML out, callbacks up.
