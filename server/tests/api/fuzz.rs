//! The fuzz targets without a fuzzer. Over their corpus, every file cut off at many places and with a byte changed at
//! as many, so that what was found once stays found; and over inputs that chance makes of it, so that every run looks
//! a little further.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::files::names;
use crate::seed::Random;
use mutation::mutated;

mod mutation;
#[allow(unreachable_pub, reason = "it is the fuzzers' library, too")]
#[path = "../../../fuzz/src/targets/mod.rs"]
mod targets;

/// Places in each file where it is cut, and changed.
const PLACES: usize = 40;
/// Inputs that chance makes for each target, half a second's where nothing is optimised: a number and no time, so that a
/// seed always gives the same.
const INPUTS: usize = 2_000;
/// Of these targets fewer, which take longer over each.
const SLOW: [(&str, usize); 8] = [
    ("headers", 1_500),
    ("import_any", 700),
    ("import_html", 100),
    ("import_markdown", 300),
    ("mails", 400),
    ("partner_pages", 1_000),
    ("pictures", 500),
    ("proofs", 1_000),
];
/// No input takes longer, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(10);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The files of a target's corpus, by their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = folder().join("corpus").join(target);
    let read = |name: String| (name.clone(), fs::read(folder.join(name)).unwrap());
    names(&folder).into_iter().map(read).collect()
}

#[test]
fn every_target_keeps_its_promise_over_its_corpus() {
    for (name, target) in targets::ALL {
        let files = corpus(name);
        assert!(!files.is_empty(), "{name} has a corpus");
        for (file, content) in files {
            eprintln!("{name}: {file}");
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
fn every_target_keeps_its_promise_over_what_chance_makes_of_its_corpus() {
    let mut random = Random::seeded();
    for (name, target) in targets::ALL {
        let seeds: Vec<_> = corpus(name).into_iter().map(|(_, content)| content).collect();
        let slow = SLOW.into_iter().find(|(slow, _)| *slow == name);
        let begun = Instant::now();
        for _ in 0..slow.map_or(INPUTS, |(_, inputs)| inputs) {
            hold(name, target, &mutated(&seeds, &mut random));
        }
        println!("{name}: {} ms", begun.elapsed().as_millis());
    }
}

/// Has the target run over the input. Where it breaks its promise the input is kept, as a file for its corpus.
fn hold(name: &str, target: fn(&[u8]), input: &[u8]) {
    let begun = Instant::now();
    let held = panic::catch_unwind(AssertUnwindSafe(|| target(input)));
    if held.is_ok() && begun.elapsed() < PATIENCE {
        return;
    }
    let file = std::env::temp_dir().join(format!("article-fuzz-{name}-{}", std::process::id()));
    fs::write(&file, input).unwrap();
    panic!("{name} broke its promise in {:?}, by {}", begun.elapsed(), file.display());
}

#[test]
fn every_target_is_a_program_of_its_own_and_has_a_corpus() {
    let mut all: Vec<_> = targets::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    all.sort();
    assert_eq!(names(&folder().join("corpus")), all);
    assert!(SLOW.iter().all(|(slow, _)| all.iter().any(|name| name == slow)));
    let programs: Vec<_> = all.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&folder().join("fuzz_targets")), programs);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for name in all {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
