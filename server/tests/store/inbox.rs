//! Who may log in, and the letters that they read.

use super::*;

pub(super) async fn people(store: &dyn Store) {
    let person = |name: &str, role| Person { name: name.into(), role, created_at: 1 };
    let hashed = |text: &str| HashedPassword::from_store(text.into());
    let (lan, binh) = (person("lan", Role::Admin), person("binh", Role::Editor));
    assert!(store.save_person(&lan, &hashed("one")).await.unwrap());
    assert!(store.save_person(&binh, &hashed("two")).await.unwrap());
    assert!(!store.save_person(&lan, &hashed("three")).await.unwrap(), "the name is taken");
    assert_eq!(store.people().await.unwrap(), [binh, lan.clone()]);
    assert!(store.password("lan").await.unwrap() == Some(hashed("one")));
    assert!(store.password("nobody").await.unwrap().is_none());

    assert!(!store.begin_session(&[1; 32], "lan", &hashed("two"), 10).await.unwrap());
    for (session, name, password) in [(1, "lan", "one"), (2, "lan", "one"), (3, "binh", "two")] {
        let begun = store.begin_session(&[session; 32], name, &hashed(password), 10).await;
        assert!(begun.unwrap());
    }
    store.use_sessions(&[([1; 32], 50), ([3; 32], 5), ([9; 32], 50)]).await.unwrap();
    let used = async |session: u8| {
        let session = store.session(&[session; 32]).await.unwrap();
        session.map(|session| (session.person.name, session.begun_at, session.used_at))
    };
    assert_eq!(used(1).await, Some(("lan".to_owned(), 10, 50)));
    assert_eq!(used(3).await, Some(("binh".to_owned(), 10, 10)), "an earlier use says nothing");
    assert_eq!(used(9).await, None);
    store.end_session(&[1; 32]).await.unwrap();
    assert_eq!(used(1).await, None);
    store.forget_sessions(10, 11).await.unwrap();
    assert_eq!((used(2).await, used(3).await), (None, None), "not used since");

    assert!(store.begin_session(&[4; 32], "lan", &hashed("one"), 10).await.unwrap());
    assert!(store.set_password("lan", &hashed("new")).await.unwrap());
    assert_eq!(used(4).await, None);
    assert!(!store.set_password("nobody", &hashed("new")).await.unwrap());
    assert!(
        store.remove_person("lan").await.unwrap() && !store.remove_person("lan").await.unwrap()
    );
}

pub(super) async fn letters(store: &dyn Store) {
    for (no, message) in [(1, "Đắk Lắk"), (2, "Đà Lạt"), (3, "50%")] {
        let report = FeedbackReport {
            article: "a".into(),
            page: "https://partner.example/tin".into(),
            kind: "error".into(),
            message: message.into(),
            ..FeedbackReport::default()
        };
        let feedback = NewFeedback {
            report,
            idempotency_key: format!("letter {no}"),
            secret_hash: [100 + no; 32],
            reference: format!("L-{no}"),
            at: i64::from(no),
            held: None,
            fingerprint: None,
            proof: None,
            announce: Vec::new(),
        };
        assert_eq!(store.save_feedback(&feedback).await.unwrap(), FeedbackKept::New);
    }
    let references = async |filter: &LetterFilter, before| {
        let letters = store.whole_letters(filter, before, 9).await.unwrap();
        letters.into_iter().map(|letter| letter.reference).collect::<Vec<_>>()
    };
    let partner = Some("https://partner.example".to_owned());
    let all = LetterFilter { partner: partner.clone(), ..LetterFilter::default() };
    assert_eq!(references(&all, None).await, ["L-3", "L-2", "L-1"]);
    let page = store.letters(&all, None, 2).await.unwrap();
    let next = page.next.unwrap();
    assert_eq!((page.letters.len(), page.letters[1].beginning.as_str()), (2, "Đà Lạt"));
    assert_eq!(references(&all, Some(next)).await, ["L-1"]);
    let of = |words: &[&str]| LetterFilter {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        partner: partner.clone(),
        ..LetterFilter::default()
    };
    assert_eq!(references(&of(&["lak", "dak"]), None).await, ["L-1"]);
    assert_eq!(references(&of(&["0%"]), None).await, ["L-3"]);
    assert!(references(&of(&["d%t"]), None).await.is_empty());

    let before = store.letter(next).await.unwrap().unwrap();
    let answer = Answer { text: "Cảm ơn.".into(), at: 7, by: "lan".into() };
    let seen = before.revision();
    let answered = async || store.answer_letter(next, &seen, &answer, None, &[]).await.unwrap();
    assert_eq!((answered().await, answered().await), (Change::Made, Change::Overtaken));
    let marked = store.mark_letter(next, &seen, LetterState::Spam, &[]).await.unwrap();
    assert_eq!(marked, Change::Overtaken);
    let after = store.letter(next).await.unwrap().unwrap();
    assert_eq!((after.state, after.answer.as_ref()), (LetterState::Answered, Some(&answer)));
    let marked = store.mark_letter(next, &after.revision(), LetterState::Spam, &[]).await.unwrap();
    assert_eq!(marked, Change::Made);
    let counts = store.letter_counts(&all).await.unwrap();
    assert_eq!((counts.usual(), counts.of(LetterState::Spam)), (2, 1));
    assert_eq!(store.letter_secret(next, &seen).await.unwrap(), None);
    let seen = store.letter(next).await.unwrap().unwrap().revision();
    assert_eq!(store.letter_secret(next, &seen).await.unwrap(), Some([102; 32]));
    assert!(store.erase_feedback(&[102; 32]).await.unwrap());
    assert_eq!(
        store.mark_letter(next, &seen, LetterState::New, &[]).await.unwrap(),
        Change::NoLetter
    );
}

/// What no database is to trip over.
pub(super) async fn hostile_letters(store: &dyn Store) {
    let report = FeedbackReport {
        article: "a".into(),
        consent: "\0".into(),
        message: "'; drop table feedback; -- \u{feff}🦀 \\ % _ \0".into(),
        ..FeedbackReport::default()
    };
    let letter = NewFeedback { report, fingerprint: Some([9; 32]), ..letter("\0", "", 250) };
    assert_eq!(store.save_feedback(&letter).await.unwrap(), FeedbackKept::New);
    let again = FeedbackKept::Again { reference: letter.reference.clone() };
    assert_eq!(store.save_feedback(&letter).await.unwrap(), again);
    let of = |word: &str| LetterFilter { words: vec![word.into()], ..LetterFilter::default() };
    for word in ["🦀 \\ % _", "drop table", "_"] {
        let found = store.whole_letters(&of(word), None, 9).await.unwrap();
        assert!(found.iter().any(|found| found.reference == letter.reference), "{word:?}");
    }
    for filter in [
        of("🦀_"),
        LetterFilter { article: Some("\0".into()), ..LetterFilter::default() },
        LetterFilter { partner: Some("%".into()), ..LetterFilter::default() },
        LetterFilter { kind: Some("' or 1 = 1".into()), ..LetterFilter::default() },
    ] {
        assert_eq!(store.letter_counts(&filter).await.unwrap().usual(), 0, "{filter:?}");
    }
    assert_eq!(store.password("\0").await.unwrap().map(drop), None);
    assert!(store.erase_feedback(&letter.secret_hash).await.unwrap());
}
