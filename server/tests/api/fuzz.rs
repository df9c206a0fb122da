//! The fuzz targets over their corpus: every file, cut off at many places and with a byte changed at as many. So
//! the targets hold without a fuzzer, and what one has found stays found.

use std::fs;
use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "it is the fuzzers' library, too")]
#[path = "../../../fuzz/src/targets.rs"]
mod targets;

/// Places in each file where it is cut, and changed.
const PLACES: usize = 40;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_target_keeps_its_promise_over_its_corpus() {
    for (name, target) in targets::ALL {
        let corpus = folder().join("corpus").join(name);
        let files = names(&corpus);
        assert!(!files.is_empty(), "{name} has a corpus");
        for file in files {
            eprintln!("{name}: {file}");
            let content = fs::read(corpus.join(file)).unwrap();
            target(&content);
            for place in (0..content.len()).step_by((content.len() / PLACES).max(1)) {
                target(&content[..place]);
                let mut changed = content.clone();
                changed[place] ^= 1 << (place % 8);
                target(&changed);
            }
        }
    }
}

#[test]
fn every_target_is_a_program_of_its_own_and_has_a_corpus() {
    let mut all: Vec<_> = targets::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    all.sort();
    assert_eq!(names(&folder().join("corpus")), all);
    let programs: Vec<_> = all.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&folder().join("fuzz_targets")), programs);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for name in all {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
