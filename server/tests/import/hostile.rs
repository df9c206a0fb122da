//! Inputs that are made to do harm: each is refused, or read as what is left of it, soon, in little memory and
//! without a panic.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use article_server::article::StoredArticle;
use article_server::cli::Format;
use article_server::import::{self, ImportError, Input};
use clap::ValueEnum as _;

use super::formats::inputs;
use super::seed::Random;

/// What reading may take.
const SOON: Duration = Duration::from_secs(2);
/// What the whole program may have of memory, in KiB: 64 MiB, and what it has when it does nothing.
const MEMORY: usize = (64 + 16) << 10;
const FORMATS: [&str; 6] = ["ninjs", "json_feed", "feed", "wordpress", "ans", "markdown"];

fn read(text: impl AsRef<[u8]>, format: Format) -> Result<Vec<StoredArticle>, ImportError> {
    import::read(&Input { bytes: text.as_ref(), ..Input::default() }, format)
}

fn refusal(text: impl AsRef<[u8]>, format: Format) -> String {
    let (spent, error) = timed(|| read(text, format).unwrap_err().to_string());
    assert!(spent < SOON, "{spent:?}: {error}");
    error
}

/// What a piece of work takes of a processor; where that is not told, of the clock.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let nanoseconds = || -> Option<u64> {
        let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        told.split(' ').next()?.parse().ok().filter(|spent| *spent > 0)
    };
    let (clock, before) = (Instant::now(), nanoseconds());
    let done = work();
    let spent = before.zip(nanoseconds()).map(|(before, after)| after - before);
    (spent.map_or_else(|| clock.elapsed(), Duration::from_nanos), done)
}

fn rss(item: &str) -> String {
    format!("<rss version=\"2.0\"><channel><item><title>A</title>{item}</item></channel></rss>")
}

/// A billion laughs, and a file of this machine.
fn with_dtd(entities: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [{entities}]>{}",
        rss("<description>&z;</description>")
    )
}

/// What each attack is, and what it is refused for.
fn attacks() -> Vec<(&'static str, String, Format, &'static str)> {
    let mut laughs = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..12 {
        let before = format!("&a{};", level - 1).repeat(10);
        write!(laughs, "<!ENTITY a{level} \"{before}\">").unwrap();
    }
    let attributes: String = (0..80_000).map(|number| format!(" a{number}=\"\"")).collect();
    let yaml = format!(
        "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n---\n{}",
        "Chữ."
    );
    let ninjs = |field: &str| format!("{{\"uri\":\"a\",\"pubStatus\":\"usable\",{field}}}");
    let nested = 100_000;
    vec![
        ("an entity bomb", with_dtd(&laughs), Format::Feed, "a DTD, which is refused"),
        (
            "a file of this machine",
            with_dtd("<!ENTITY z SYSTEM \"file:///etc/passwd\">"),
            Format::Auto,
            "taken for RSS or Atom: XML: byte 21: a DTD",
        ),
        (
            "attributes",
            rss(&format!("<description{attributes}/>")),
            Format::Feed,
            "too many attributes",
        ),
        (
            "attributes of many elements",
            rss(&format!("<a{}/>", " b=\"\"".repeat(60)).repeat(10_000)),
            Format::Feed,
            "too many attributes",
        ),
        (
            "a long text",
            rss(&format!("<description>{}</description>", "chữ ".repeat(360_000))),
            Format::Feed,
            "an article has at most 2097152 bytes",
        ),
        (
            "a text as long as an input",
            rss(&format!("<description>{}</description>", "a ".repeat(7 << 20))),
            Format::Feed,
            "an article has at most 2097152 bytes",
        ),
        ("elements within elements", rss(&"<a>".repeat(nested)), Format::Feed, "too often"),
        ("elements", rss(&"<a/>".repeat(1_000_000)), Format::Feed, "too many elements"),
        ("an end that never comes", rss("<description><![CDATA["), Format::Feed, "XML: "),
        (
            "arrays within arrays",
            "[".repeat(nested) + &"]".repeat(nested),
            Format::Ans,
            "recursion limit",
        ),
        (
            "objects within objects",
            ninjs(&format!("\"x\":{}0{}", "{\"a\":".repeat(1_000), "}".repeat(1_000))),
            Format::Ninjs,
            "recursion limit",
        ),
        (
            "empty objects",
            ninjs(&format!("\"bodies\":[{}{{}}]", "{},".repeat(600_000))),
            Format::Ninjs,
            "commas",
        ),
        (
            "blocks of nothing",
            format!("{{\"id\":\"a\",\"title\":\"A\",\"body\":[{}{{}}]}}", "{},".repeat(600_000)),
            Format::Auto,
            "taken for the contract's JSON: an article has at most 100000 brackets",
        ),
        (
            "articles",
            format!("[{}0]", "0,".repeat(4_000_000)),
            Format::Article,
            "more than 100000 articles",
        ),
        ("a number", ninjs("\"urgency\":1e999999"), Format::Ninjs, "number out of range"),
        ("no UTF-8", "{\"uri\": \"".to_owned() + "\u{1}", Format::Auto, "control character"),
        ("aliases", yaml, Format::Auto, "taken for Markdown: front matter: "),
        (
            "front matter without an end",
            format!("---\n{}", "a: b\n".repeat(9)),
            Format::Auto,
            "no second ---",
        ),
        (
            "long front matter",
            format!("+++\n{}\n+++\n", "# x\n".repeat(30_000)),
            Format::Auto,
            "more than 65536",
        ),
        ("a long page", "chữ ".repeat(1 << 20), Format::Markdown, "at most 2097152 bytes"),
    ]
}

#[test]
fn an_attack_is_refused_soon_and_with_its_reason() {
    for (attack, text, format, expected) in attacks() {
        let reason = refusal(text, format);
        assert!(reason.contains(expected), "{attack}: {reason}");
        assert!(reason.len() < 400, "{attack}: {reason}");
    }
    let reason = refusal(b"[{\"uri\": \"\xff\"}]", Format::Auto);
    assert!(reason.contains("0xff at 10"), "{reason}");
}

#[test]
fn what_is_out_of_bounds_within_a_field_costs_no_more_than_the_field() {
    let quotes = ">".repeat(50_000) + " sâu";
    let emphasis = "*a _".repeat(25_000);
    let html = "<div>".repeat(100_000) + "chữ";
    let json = serde_json::json!({ "id": 1, "slug": "a", "title": { "rendered": "A" },
        "content": { "rendered": html } });
    for (text, format) in [
        (format!("# A\n\n{quotes}"), Format::Markdown),
        (format!("# A\n\n{emphasis}"), Format::Markdown),
        (format!("# A\n\n{}", "[a](".repeat(25_000)), Format::Markdown),
        (format!("# A\n\n{}", "|".repeat(100_000)), Format::Markdown),
        (json.to_string(), Format::Wordpress),
        (rss(&format!("<description><![CDATA[{html}]]></description>")), Format::Feed),
        (rss("<author>（Lam）lam@a.example</author>"), Format::Feed),
        (
            rss(&format!(
                "<x:content xmlns:x=\"http://search.yahoo.com/mrss/\" url=\"a.mp4\" duration=\"{0}:{0}\" width=\"{0}\"/>",
                "9".repeat(400)
            )),
            Format::Feed,
        ),
    ] {
        // Refused or read as words alone: either is fine, and soon.
        let (spent, outcome) = timed(|| read(&text, format).map(|articles| articles.len()));
        assert!(spent < SOON, "{spent:?} for {format:?}: {outcome:?}");
    }
}

#[test]
fn many_of_what_an_article_has_a_few_of_cost_no_square_of_their_number() {
    let many = |part: fn(usize) -> String| (0..24_000).map(part).collect::<String>();
    let content = |n| {
        format!(
            "<m:content xmlns:m=\"http://search.yahoo.com/mrss/\" url=\"https://a.example/{n}.jpg\"/>"
        )
    };
    let list = |part: fn(usize) -> String| (0..24_000).map(part).collect::<Vec<_>>().join(",");
    let sizes = list(|n| {
        format!("{{\"href\":\"https://a.example/{n}\",\"width\":{0},\"height\":{0}}}", n + 1)
    });
    let subjects = list(|n| format!("{{\"name\":\"tag {n}\"}}"));
    let pictures = list(|n| {
        format!(
            "{{\"renditions\":{{\"href\":\"https://a.example/{n}.jpg\",\"width\":9,\"height\":9}}}}"
        )
    });
    let item = |fields: &str| format!("{{\"uri\":\"a\",\"slugline\":\"A\",{fields}}}");
    for (what, text, format) in [
        ("contents", rss(&many(content)), Format::Feed),
        ("categories", rss(&many(|n| format!("<category>{n}</category>"))), Format::Feed),
        ("sizes", item(&format!("\"renditions\":[{sizes}]")), Format::Ninjs),
        ("subjects", item(&format!("\"subjects\":[{subjects}]")), Format::Ninjs),
        ("pictures", item(&format!("\"associations\":[{pictures}]")), Format::Ninjs),
    ] {
        let (spent, outcome) = timed(|| read(&text, format).map(|articles| articles.len()));
        assert!(spent < SOON, "{what}: {spent:?}, {outcome:?}");
    }
}

/// Inputs of which each part may be in an article, and all together make much of little.
fn multipliers() -> Vec<(&'static str, String, Format)> {
    let long = format!("https://a.example/{}", "a".repeat(1 << 20));
    let items = "<item><title>A</title><link>?1</link></item>".repeat(3_000);
    let entries = "<entry><title>A</title><link href=\"?1\"/></entry>".repeat(3_000);
    let images = vec![r#"{"type":"image","url":"?1"}"#; 20_000].join(",");
    let lines = "a\\n".repeat(600_000);
    vec![
        (
            "links of a channel",
            format!("<rss><channel><link>{long}</link>{items}</channel></rss>"),
            Format::Feed,
        ),
        (
            "links of a feed",
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"{long}\">{entries}</feed>"
            ),
            Format::Feed,
        ),
        (
            "pictures of a story",
            format!(
                "{{\"_id\":\"A\",\"canonical_url\":\"{long}\",\"headlines\":{{\"basic\":\"A\"}},\"content_elements\":[{images}]}}"
            ),
            Format::Ans,
        ),
        (
            "lines of an item",
            format!(
                "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{{\"id\":\"a\",\"content_text\":\"{lines}\"}}]}}"
            ),
            Format::JsonFeed,
        ),
        ("lines of a page", format!("A\n\n{}", "a\n\n".repeat(600_000)), Format::Text),
        (
            "captions within captions",
            rss(&format!(
                "<description><![CDATA[{}<img src=\"https://a.example/1.jpg\">{}]]></description>",
                "<div class=\"wp-caption\">".repeat(200),
                "chữ ".repeat(200_000)
            )),
            Format::Feed,
        ),
        (
            "tables within tables",
            rss(&format!(
                "<description><![CDATA[{}<img src=\"https://a.example/1.jpg\">{}]]></description>",
                "<table><tr><td>".repeat(60),
                "chữ ".repeat(200_000)
            )),
            Format::Feed,
        ),
    ]
}

#[test]
fn much_is_not_made_of_little() {
    for (what, text, format) in multipliers() {
        let (spent, outcome) = timed(|| read(&text, format).map(|articles| articles.len()));
        assert!(spent < SOON, "{what}: {spent:?}, {outcome:?}");
    }
}

/// The real program, which the kernel gives no more than that.
#[cfg(target_os = "linux")]
fn import(folder: &Path, text: &str, format: Format) -> Output {
    let file = folder.join("input");
    fs::write(&file, text).unwrap();
    Command::new("sh")
        .args(["-c", &format!("ulimit -d {MEMORY} && exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_article-server"))
        .args(["import", "--database", "sqlite:test.sqlite3", "--format"])
        .arg(format.to_possible_value().unwrap().get_name())
        .arg(&file)
        .current_dir(folder)
        // Each thread's stack counts.
        .env("TOKIO_WORKER_THREADS", "1")
        .output()
        .unwrap()
}

#[cfg(target_os = "linux")]
fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn much_that_is_made_of_little_takes_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (what, text, format) in multipliers() {
        let output = import(folder.path(), &text, format);
        // Read or refused; out of memory would be a signal.
        assert!(output.status.code().is_some(), "{what}: {}", told(&output));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_attack_takes_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let good = import(folder.path(), "# Được\n\nMột đoạn.", Format::Auto);
    assert!(good.status.success(), "{}", told(&good));
    for (attack, text, format, expected) in attacks() {
        let output = import(folder.path(), &text, format);
        // Out of memory would be a signal.
        assert_eq!(output.status.code(), Some(1), "{attack}: {}", told(&output));
        // JSON is taken apart into its objects before one of them is read.
        let reasons = [expected, "an array of JSON objects", "has no end"];
        let is_told = reasons.iter().any(|reason| told(&output).contains(reason));
        assert!(is_told, "{attack}: {}", told(&output));
    }
}

/// Bytes that mean something to some format.
const BYTES: &[u8] = b"<>{}[]\"'&;:,-+#|*\n\0\xff\xe2\xcc09aZ\\/";

#[test]
fn a_damaged_input_is_never_a_panic() {
    let samples: Vec<Vec<u8>> =
        FORMATS.iter().flat_map(|name| inputs(name)).map(|path| fs::read(path).unwrap()).collect();
    let start = Instant::now();
    let mut random = Random::seeded_or(0x5eed);
    let mut below = |end: usize| usize::try_from(random.below(end as u64)).unwrap();
    let mut read_well = 0;
    while start.elapsed() < SOON {
        let mut bytes = samples[below(samples.len())].clone();
        for _ in 0..=below(8) {
            let at = below(bytes.len());
            match below(4) {
                0 => bytes[at] = BYTES[below(BYTES.len())],
                1 => bytes.insert(at, BYTES[below(BYTES.len())]),
                2 => drop(bytes.drain(at..(at + below(40)).min(bytes.len()))),
                _ => {
                    let end = (at + below(200)).min(bytes.len());
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        read_well += usize::from(read(&bytes, Format::Auto).is_ok());
    }
    assert!(read_well > 0, "the damage is so small that most of it can be read");
}
