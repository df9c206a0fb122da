//! JavaScript that runs in a page before its own, in browsers whose drivers have no way for that: the relay
//! puts it into the HTML on its way. Which script a browser is to get, its user agent says.

use std::sync::Mutex;

/// What every page of such a browser gets, before the script of its own view.
const CONSOLE: &str = include_str!("early.js");
/// What the scripts are let in by, where a policy is strict.
const NONCE: &str = "'nonce-early'";
/// Stands in a user agent, before the number of the script.
const MARK: &str = " Early/";

/// The scripts that were asked for, by their numbers.
static SCRIPTS: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());

/// A user agent whose pages get `script`.
pub(crate) fn mark(agent: &str, script: &'static str) -> String {
    let mut scripts = SCRIPTS.lock().expect("nobody panics with it");
    scripts.push(script);
    format!("{agent}{MARK}{}", scripts.len() - 1)
}

/// The script of the browser of that user agent; none where the driver sees to it.
pub(crate) fn script(agent: &str) -> Option<&'static str> {
    let (_, number) = agent.rsplit_once(MARK)?;
    let scripts = SCRIPTS.lock().expect("nobody panics with it");
    scripts.get(number.parse::<usize>().ok()?).copied()
}

/// The user agent as the browser's maker says it: a reader is one however many views a test opens.
pub(crate) fn unmarked(agent: &str) -> &str {
    agent.rsplit_once(MARK).map_or(agent, |(agent, _)| agent)
}

/// An HTML document with the script in it, below its doctype: above, there would be none.
pub(crate) fn put_into(html: &str, script: &str) -> String {
    assert!(!script.contains("</script"), "it would end early");
    let start = html.trim_start();
    let has_doctype = start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    let end = if has_doctype { start.find('>').map_or(0, |end| end + 1) } else { 0 };
    let (doctype, rest) = start.split_at(end);
    format!("{doctype}<script nonce=early>{CONSOLE}{script}</script>{rest}")
}

/// Policies, as a header holds them, that let the script in and are otherwise what they were.
pub(crate) fn let_in(policies: &str) -> String {
    policies.split(',').map(let_into).collect::<Vec<_>>().join(",")
}

fn let_into(policy: &str) -> String {
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    let sources = |name: &str| {
        let mut named =
            directives.iter().map(|directive| directive.split_once(' ').unwrap_or((directive, "")));
        named.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, sources)| sources)
    };
    let deciding = ["script-src-elem", "script-src", "default-src"];
    let Some((name, old)) = deciding.into_iter().find_map(|name| Some((name, sources(name)?)))
    else {
        return policy.to_owned();
    };
    // Beside a nonce, it would count no more.
    if old.contains("'unsafe-inline'") {
        return policy.to_owned();
    }
    let new = format!("{} {NONCE}", old.replace("'none'", ""));
    let replaced = if name == "default-src" { "script-src" } else { name };
    let kept = directives.iter().filter(|directive| {
        replaced != directive.split(' ').next().unwrap_or_default().to_lowercase()
    });
    let mut changed: Vec<String> = kept.map(|directive| (*directive).to_owned()).collect();
    changed.push(format!("{replaced} {}", new.trim()));
    changed.retain(|directive| !directive.is_empty());
    changed.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_stands_below_the_doctype() {
        let html = put_into("<!DOCTYPE html>\n<title>A</title>", "ours()");
        assert!(html.starts_with("<!DOCTYPE html><script nonce=early>"), "{html}");
        assert!(html.ends_with("ours()</script>\n<title>A</title>"), "{html}");
        assert!(put_into("<p>Quirks", "").starts_with("<script"));
    }

    #[test]
    fn a_policy_lets_the_script_in_and_is_otherwise_the_same() {
        for (policy, expected) in [
            ("img-src a", "img-src a"),
            ("script-src 'none'", "script-src 'nonce-early'"),
            ("script-src a; img-src b;", "img-src b; script-src a 'nonce-early'"),
            ("default-src 'none'", "default-src 'none'; script-src 'nonce-early'"),
            ("script-src 'unsafe-inline' a", "script-src 'unsafe-inline' a"),
            (
                "script-src a, default-src b",
                "script-src a 'nonce-early',default-src b; script-src b 'nonce-early'",
            ),
        ] {
            assert_eq!(let_in(policy), expected, "{policy}");
        }
    }

    #[test]
    fn a_user_agent_says_which_script_it_gets() {
        let agent = mark("Browser/1.0", "first()");
        let other = mark("Browser/1.0", "second()");
        assert_eq!(script(&agent), Some("first()"));
        assert_eq!(script(&other), Some("second()"));
        assert_eq!(script("Browser/1.0"), None);
        assert_eq!(
            [agent.as_str(), other.as_str(), "Browser/1.0"].map(unmarked),
            ["Browser/1.0"; 3]
        );
    }
}
