//! `/admin/feedback.csv`, `/admin/feedback.json`

use serde_json::Value;

use super::{Browser, feedback, hidden, server_with};
use crate::support::header;

#[tokio::test]
async fn a_list_is_taken_along_whole_with_its_filters() {
    let kind = |no: u32| if no.is_multiple_of(2) { "error" } else { "comment" };
    let letters = (1..=250).map(|no| feedback(no, |report| report.kind = kind(no).into()));
    let server = server_with(letters.collect()).await;
    let browser = Browser::of(&server, "binh").await;
    let seen = hidden(&browser.page("/admin/feedback/250").await, "seen");
    let form = [("seen", &*seen), ("answer", "Cảm ơn, \"bạn\".")];
    assert_eq!(browser.post("/admin/feedback/250/answer", &form).await.status(), 303);

    let response = browser.get("/admin/feedback.csv").await;
    let name = header(&response, "content-disposition");
    assert!(name.starts_with("attachment; filename=\"feedback-20") && name.ends_with(".csv\""));
    assert!(header(&response, "content-type").starts_with("text/csv; charset=utf-8"));
    let text = response.text().await.unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark, for spreadsheets");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 250);
    let cell = |row: usize, name: &str| {
        let column = columns.iter().position(|column| column == name).unwrap();
        rows[row][column].to_owned()
    };
    assert_eq!((cell(0, "title"), cell(249, "title")), ("Thư số 250".into(), "Thư số 1".into()));
    assert_eq!(
        (cell(0, "answer"), cell(0, "answered_by")),
        ("Cảm ơn, \"bạn\".".into(), "binh".into())
    );
    assert_eq!(cell(249, "received_at"), "2025-11-24T16:00:01Z");

    for (query, count) in
        [("", 250), ("?kind=error", 125), ("?kind=error&before=100", 125), ("?q=none", 0)]
    {
        let response = browser.get(&format!("/admin/feedback.json{query}")).await;
        assert_eq!(header(&response, "content-type"), "application/json");
        let letters: Vec<Value> = response.json().await.unwrap();
        assert_eq!(letters.len(), count, "{query}");
    }
    let letters: Vec<Value> = browser.get("/admin/feedback.json").await.json().await.unwrap();
    assert_eq!(letters[0]["answer"], "Cảm ơn, \"bạn\".");
    assert_eq!(letters[0].as_object().unwrap().len(), columns.len());
    assert_eq!(letters[249]["answered_at"], "");
}

/// 100 is a piece: the array ends where the last piece is full, too.
#[tokio::test]
async fn a_list_that_ends_with_a_piece_ends_well() {
    let server = server_with((1..=100).map(|no| feedback(no, |_| {})).collect()).await;
    let browser = Browser::of(&server, "binh").await;
    let letters: Vec<Value> = browser.get("/admin/feedback.json").await.json().await.unwrap();
    assert_eq!(letters.len(), 100);
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let beginnings = ["=", "+", "-", "@", "\t", "＝"];
    let formula =
        |no: u32| format!("{}HYPERLINK(\"https://evil.example\")", beginnings[no as usize]);
    let letters = (0..6).map(|no| {
        feedback(no + 1, |report| {
            report.message = formula(no);
            report.name = formula(no);
            report.title = "a = b".into();
        })
    });
    let server = server_with(letters.collect()).await;
    let browser = Browser::of(&server, "binh").await;
    let text = browser.get("/admin/feedback.csv").await.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut made_harmless = 0;
    for row in reader.records().map(Result::unwrap) {
        for cell in &row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{cell}");
            made_harmless += usize::from(cell.starts_with('\''));
        }
        assert!(row.iter().any(|cell| cell == "a = b"));
    }
    assert_eq!(made_harmless, 12);
    // JSON is no spreadsheet's: it has what was written.
    let letters: Vec<Value> = browser.get("/admin/feedback.json").await.json().await.unwrap();
    assert_eq!(letters[5]["message"], formula(0));
}

#[tokio::test]
async fn nobody_takes_a_list_along_without_logging_in() {
    let server = server_with(vec![feedback(1, |_| {})]).await;
    for path in ["/admin/feedback.csv", "/admin/feedback.json"] {
        let response = Browser::new(&server.url).get(path).await;
        assert_eq!(response.status(), 303);
        assert!(!response.text().await.unwrap().contains("Hoa"));
    }
}
