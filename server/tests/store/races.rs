//! What several servers do at the same moment to one database ends as if one had done it after the other. SQLite has
//! one server; there the same is asked of it at once.

use std::collections::BTreeSet;

use article_server::store::Suspicion;
use futures_util::future::join_all;

use super::*;

/// Rounds of each race: one may end well by chance.
const ROUNDS: u8 = 8;
/// Racers of each server.
const RACERS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn races_end_well_in_a_sqlite_file() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}/articles.db", folder.path().display());
    let store = store::open(&url, &utc()).await.unwrap();
    run(&[store.clone(), store]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn races_of_two_servers_end_well_in_a_postgres_database() {
    let Some(url) = postgres::database().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let calendar = utc();
    let (one, other) = tokio::join!(store::open(&url, &calendar), store::open(&url, &calendar));
    run(&[one.unwrap(), other.unwrap()]).await;
}

type Servers = [Arc<dyn Store>; 2];

async fn run(servers: &Servers) {
    let article = article(r#"{"id":"a","title":"A","language":"vi"}"#);
    servers[0].save_articles(&[article], &Author::import()).await.unwrap();
    for round in 0..ROUNDS {
        a_letter_is_kept_and_announced_once(servers, round).await;
        a_proof_is_good_for_one_letter(servers, round).await;
        the_second_with_the_same_words_is_held(servers, round).await;
        a_rating_counts_once(servers, round).await;
        a_mail_is_put_in_once(servers, round).await;
        one_editor_is_told_of_the_other(servers, round).await;
        no_session_outlives_its_password(servers, round).await;
    }
    each_delivery_is_claimed_once(servers).await;
    what_is_old_goes_once(servers).await;
}

/// What came of asking every server at once, `RACERS` times each. A racer is told its number.
async fn race<T, F>(servers: &Servers, ask: impl Fn(Arc<dyn Store>, u8) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    let racers = servers.iter().cycle().take(RACERS * servers.len()).zip(0..);
    let racers = racers.map(|(server, number)| tokio::spawn(ask(server.clone(), number)));
    let results = join_all(racers.collect::<Vec<_>>()).await;
    results.into_iter().map(|result| result.unwrap().unwrap()).collect()
}

fn times<T: PartialEq>(results: &[T], result: &T) -> usize {
    results.iter().filter(|one| *one == result).count()
}

async fn a_letter_is_kept_and_announced_once(servers: &Servers, round: u8) {
    let proof = Some(SpentProof { challenge: [round; 32], expires_at: MIDNIGHT });
    let results = race(servers, |server, racer| async move {
        let notice = NewDelivery {
            kind: DeliveryKind::Hook,
            key: format!("hook {round} {racer}"),
            article: None,
            mark: None,
            ..delivery(0)
        };
        let letter = NewFeedback {
            reference: format!("R-{racer}"),
            proof,
            fingerprint: Some([round; 32]),
            announce: vec![notice],
            ..letter(&format!("race {round}"), "Một lá thư", round)
        };
        server.save_feedback(&letter).await
    })
    .await;
    assert_eq!(times(&results, &FeedbackKept::New), 1, "{results:?}");
    let again = results.iter().filter_map(|kept| match kept {
        FeedbackKept::Again { reference } => Some(reference),
        _ => None,
    });
    let again: Vec<_> = again.collect();
    assert_eq!(again.len(), results.len() - 1, "{results:?}");
    let kept = servers[1].feedback(&[round; 32]).await.unwrap().unwrap();
    assert!(again.iter().all(|reference| **reference == kept.reference));
    let calls = servers[0].claim_deliveries(Lane::Call, MIDNIGHT, i64::MAX, 9).await.unwrap();
    assert_eq!(calls.len(), 1, "announced once");
    let about = servers[1].feedback_of_delivery(calls[0].no).await.unwrap().unwrap();
    assert_eq!(about.reference, kept.reference);
    servers[0].delivered(calls[0].no).await.unwrap();
}

async fn a_proof_is_good_for_one_letter(servers: &Servers, round: u8) {
    let proof = Some(SpentProof { challenge: [100 + round; 32], expires_at: MIDNIGHT });
    let results = race(servers, |server, racer| async move {
        let key = format!("proof {round} {racer}");
        let mut letter = letter(&key, "Hay", 0);
        letter.secret_hash[..2].copy_from_slice(&[100 + round, racer]);
        server.save_feedback(&NewFeedback { proof, ..letter }).await
    })
    .await;
    assert_eq!(times(&results, &FeedbackKept::New), 1, "{results:?}");
    assert_eq!(times(&results, &FeedbackKept::ProofSpent), results.len() - 1, "{results:?}");
}

async fn the_second_with_the_same_words_is_held(servers: &Servers, round: u8) {
    let about = |round| format!("{round} lần như nhau");
    let results = race(servers, |server, racer| async move {
        let key = format!("same {round} {racer}");
        let mut letter = letter(&key, &about(round), 0);
        letter.secret_hash[..2].copy_from_slice(&[200, racer]);
        letter.secret_hash[2] = round;
        let fingerprint = Some([200 + round; 32]);
        server.save_feedback(&NewFeedback { fingerprint, ..letter }).await
    })
    .await;
    assert_eq!(times(&results, &FeedbackKept::New), 1, "{results:?}");
    let same = FeedbackKept::Held(Suspicion::Same);
    assert_eq!(times(&results, &same), results.len() - 1, "{results:?}");
    let words = article_server::search::words(&about(round));
    let filter = LetterFilter { words, ..LetterFilter::default() };
    let counts = servers[0].letter_counts(&filter).await.unwrap();
    let held = counts.of(LetterState::Held);
    assert_eq!((counts.usual(), held), (1, (RACERS * servers.len()) as u64 - 1));
}

async fn a_rating_counts_once(servers: &Servers, round: u8) {
    let before = servers[0].ratings(&id("a"), 99).await.unwrap();
    let results = race(servers, |server, _| async move {
        let rating = Rating {
            rating: [round; 16],
            article: id("a"),
            at: MIDNIGHT,
            partner: String::new(),
            useful: true,
            word: "hay".to_owned(),
        };
        server.rate(&rating, true).await
    })
    .await;
    assert_eq!(times(&results, &RatingKept::Counted), 1, "{results:?}");
    assert_eq!(times(&results, &RatingKept::Raised), results.len() - 1, "{results:?}");
    let after = servers[1].ratings(&id("a"), 99).await.unwrap();
    assert_eq!(after.useful, before.useful + 1);
}

async fn a_mail_is_put_in_once(servers: &Servers, round: u8) {
    let proof = SpentProof { challenge: [50 + round; 32], expires_at: MIDNIGHT };
    let results = race(servers, |server, racer| async move {
        let mail_to = NewDelivery { key: format!("mail {round} {racer}"), ..delivery(0) };
        server.request_mail(&mail(round), &mail_to, &proof).await
    })
    .await;
    assert_eq!(times(&results, &MailRequested::New), 1, "{results:?}");
    assert_eq!(times(&results, &MailRequested::Again), results.len() - 1, "{results:?}");
    let mails = servers[1].claim_deliveries(Lane::Mail, MIDNIGHT, i64::MAX, 9).await.unwrap();
    assert_eq!(mails.len(), 1);
    servers[0].delivered(mails[0].no).await.unwrap();
}

async fn one_editor_is_told_of_the_other(servers: &Servers, round: u8) {
    let filter = LetterFilter { state: Some(LetterState::New), ..LetterFilter::default() };
    let letter = servers[0].whole_letters(&filter, None, 1).await.unwrap().swap_remove(0);
    let seen = letter.revision();
    let results = race(servers, |server, racer| {
        let seen = seen.clone();
        async move {
            let answer = Answer { text: format!("{round} {racer}"), at: 7, by: "lan".into() };
            let tell = NewDelivery {
                kind: DeliveryKind::Answer,
                key: format!("answer {round} {racer}"),
                article: None,
                mark: None,
                ..delivery(0)
            };
            server.answer_letter(letter.no, &seen, &answer, Some(&tell), &[]).await
        }
    })
    .await;
    assert_eq!(times(&results, &Change::Made), 1, "{results:?}");
    assert_eq!(times(&results, &Change::Overtaken), results.len() - 1, "{results:?}");
    let told = servers[1].claim_deliveries(Lane::Mail, MIDNIGHT, i64::MAX, 9).await.unwrap();
    assert_eq!(told.len(), 1);
    let about = servers[0].feedback_of_delivery(told[0].no).await.unwrap().unwrap();
    let answered = servers[1].letter(letter.no).await.unwrap().unwrap();
    assert_eq!(Some(about.answer), answered.answer.map(|answer| answer.text));
    servers[0].delivered(told[0].no).await.unwrap();
}

async fn no_session_outlives_its_password(servers: &Servers, round: u8) {
    let name = format!("lan {round}");
    let hashed = |text: &str| HashedPassword::from_store(text.into());
    let person = Person { name: name.clone(), role: Role::Editor, created_at: 1 };
    assert!(servers[0].save_person(&person, &hashed("old")).await.unwrap());
    race(servers, |server, racer| {
        let name = name.clone();
        async move {
            if racer == 3 {
                return server.set_password(&name, &hashed("new")).await;
            }
            server.begin_session(&[racer; 32], &name, &hashed("old"), 10).await
        }
    })
    .await;
    for racer in 0..(RACERS * servers.len()) as u8 {
        assert_eq!(servers[0].session(&[racer; 32]).await.unwrap(), None);
    }
    assert!(servers[1].begin_session(&[99; 32], &name, &hashed("new"), 10).await.unwrap());
    assert!(servers[0].remove_person(&name).await.unwrap());
    assert_eq!(servers[1].session(&[99; 32]).await.unwrap(), None);
}

async fn each_delivery_is_claimed_once(servers: &Servers) {
    for number in 0..40 {
        let proof = SpentProof { challenge: [150 + number; 32], expires_at: MIDNIGHT };
        let taken = servers[0].request_mail(&mail(100 + number), &delivery(number), &proof).await;
        assert_eq!(taken.unwrap(), MailRequested::New);
    }
    // Each time whoever claimed them has died.
    let mut claimed = Vec::new();
    let mut now = MIDNIGHT;
    for tries in 1..=u32::from(ROUNDS) {
        let claims = race(servers, |server, _| async move {
            server.claim_deliveries(Lane::Mail, now, now + 60, 5).await
        })
        .await;
        claimed = claims.into_iter().flatten().collect::<Vec<_>>();
        let numbers: BTreeSet<_> = claimed.iter().map(|delivery| delivery.no).collect();
        assert_eq!((claimed.len(), numbers.len()), (40, 40));
        assert!(claimed.iter().all(|delivery| delivery.tries == tries));
        now += 60;
    }

    let again = servers[1].claim_deliveries(Lane::Mail, now, now + 60, 99).await.unwrap();
    assert_eq!(again.len(), 40);
    servers[0].delivery_failed(&claimed[0], MIDNIGHT, "no answer").await.unwrap();
    let due = servers[0].claim_deliveries(Lane::Mail, now, now + 60, 99).await;
    assert!(due.unwrap().is_empty(), "it is another's by now");
    servers[0].delivery_failed(&again[0], now + 10, "no answer").await.unwrap();
    let due = servers[1].claim_deliveries(Lane::Mail, now + 10, now + 60, 99).await;
    let due: Vec<_> = due.unwrap().iter().map(|one| (one.no, one.tries)).collect();
    assert_eq!(due, [(again[0].no, again[0].tries + 1)]);
}

async fn what_is_old_goes_once(servers: &Servers) {
    let letters = servers[0].feedback_secrets(0, 999).await.unwrap().len();
    let words = servers[0].ratings(&id("a"), 999).await.unwrap().words.len();
    let erased = race(servers, |server, _| async move {
        let letters = server.forget_feedback(MIDNIGHT + 1).await?;
        Ok((letters, server.forget_words(MIDNIGHT + 1).await?))
    })
    .await;
    let all = erased.iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    assert_eq!(all, (letters, words));
    assert!(servers[1].feedback_secrets(0, 9).await.unwrap().is_empty());
    let ratings = servers[1].ratings(&id("a"), 9).await.unwrap();
    assert_eq!((ratings.useful, ratings.words.len()), (ROUNDS.into(), 0));
}
