//! Which user agents are no readers: a list of patterns that the field maintains, compiled in.

use std::sync::{LazyLock, PoisonError, RwLock};

use ahash::HashMap;
use regex::{RegexSet, RegexSetBuilder};

/// Agents whose answer is kept, more than there are browsers in use. Beyond them all are forgotten: then
/// somebody makes them up.
const REMEMBERED: usize = 8192;

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("bots/patterns.txt")));
static KNOWN: LazyLock<RwLock<HashMap<Box<str>, bool>>> = LazyLock::new(RwLock::default);

/// Whether `agent` is a known bot, or nothing at all.
pub fn is_bot(agent: &str) -> bool {
    if agent.is_empty() {
        return true;
    }
    if let Some(answer) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(agent) {
        return *answer;
    }
    // Matched outside the lock: two threads may both do it, and agree.
    let answer = PATTERNS.match_agent(agent);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(agent.into(), answer);
    answer
}

struct Patterns {
    plain: RegexSet,
    /// Those that look around, which `regex` refuses for its linear time.
    looking_around: Vec<fancy_regex::Regex>,
}

impl Patterns {
    fn read(lines: &str) -> Self {
        let lines = lines.lines().filter(|line| !line.starts_with('#'));
        let looks_around =
            |line: &&str| ["(?=", "(?!", "(?<"].iter().any(|sign| line.contains(sign));
        let (looking_around, plain): (Vec<&str>, Vec<&str>) = lines.partition(looks_around);
        let build = |pattern: &str| {
            let mut builder = fancy_regex::RegexBuilder::new(pattern);
            builder.case_insensitive(true).build().expect("a pattern of the list, seen by a test")
        };
        Self {
            plain: RegexSetBuilder::new(plain)
                .case_insensitive(true)
                .build()
                .expect("patterns of the list, seen by a test"),
            looking_around: looking_around.into_iter().map(build).collect(),
        }
    }

    fn match_agent(&self, agent: &str) -> bool {
        // A pattern that gives up on an agent says nothing about it.
        let matches = |pattern: &fancy_regex::Regex| pattern.is_match(agent).unwrap_or(false);
        self.plain.is_match(agent) || self.looking_around.iter().any(matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTS: &str = include_str!("../tests/data/bots.txt");
    const BROWSERS: &str = include_str!("../tests/data/browsers.txt");

    #[test]
    fn at_least_99_of_100_known_bots_are_caught() {
        let missed: Vec<&str> = BOTS.lines().filter(|agent| !is_bot(agent)).collect();
        let all = BOTS.lines().count();
        println!("{} of {all} known bots caught", all - missed.len());
        assert!(all > 2_000 && missed.len() * 100 <= all, "{} of {all}: {missed:#?}", missed.len());
    }

    #[test]
    fn no_browser_that_people_use_is_taken_for_a_bot() {
        let taken: Vec<&str> = BROWSERS.lines().filter(|agent| is_bot(agent)).collect();
        let all = BROWSERS.lines().count();
        println!("{} of {all} browsers taken for bots", taken.len());
        assert!(all > 500 && taken.is_empty(), "{taken:#?}");
    }

    #[test]
    fn the_apps_of_vietnam_are_among_those_browsers() {
        for name in ["Zalo iOS", "Zalo android", "FBAN/", "FB_IAB/", "coc_coc_browser"] {
            assert!(BROWSERS.contains(name), "{name}");
        }
    }

    #[test]
    fn no_agent_at_all_is_a_bot_and_an_answer_is_the_same_from_memory() {
        for _ in 0..2 {
            assert!(is_bot("") && is_bot("curl/8.5.0"));
            assert!(!is_bot(
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
            ));
        }
    }
}
