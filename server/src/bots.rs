//! Which user agents are no readers: a list of patterns that the field maintains, compiled in.

use std::num::NonZeroUsize;
use std::sync::{LazyLock, Mutex, PoisonError};

use lru::LruCache;
use regex::{RegexSet, RegexSetBuilder};

/// Agents whose answer is kept: the table is the cost of one match for each browser in use.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(8192).expect("it is not zero");

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("bots/patterns.txt")));
static KNOWN: LazyLock<Mutex<LruCache<Box<str>, bool>>> =
    LazyLock::new(|| Mutex::new(LruCache::new(REMEMBERED)));

/// Whether `agent` is a known bot, or nothing at all.
pub fn is_bot(agent: &str) -> bool {
    if agent.is_empty() {
        return true;
    }
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(answer) = known().get(agent) {
        return *answer;
    }
    // Matched outside the lock: two threads may both do it, and agree.
    let answer = PATTERNS.match_agent(agent);
    known().put(agent.into(), answer);
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

    #[test]
    fn bots_are_known() {
        for agent in [
            "",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "curl/8.5.0",
            "python-requests/2.32.3",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
             HeadlessChrome/138.0.0.0 Safari/537.36",
        ] {
            assert!(is_bot(agent), "{agent}");
            assert!(is_bot(agent), "and again, from memory: {agent}");
        }
    }

    #[test]
    fn browsers_and_browsers_inside_apps_are_people() {
        for agent in [
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/138.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
             coc_coc_browser/120.0.150 Chrome/114.0.5735.210 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
             Gecko) Mobile/15E148 Zalo iOS/546 ZaloTheme/light ZaloLanguage/vn",
            "Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like \
             Gecko) Version/4.0 Chrome/126.0.6478.122 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/471.0;]",
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        ] {
            assert!(!is_bot(agent), "{agent}");
        }
    }
}
