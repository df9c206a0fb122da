//! Receivers that are down, slow or rude: everything arrives in the end, or is given up after a week.

use std::sync::Arc;
use std::time::Duration;

use article_server::store::Lane;
use tokio::time::timeout;

use super::sink::Manner;
use super::world::{FRIEND, NOON, World};

/// Seconds in a day.
const DAY: i64 = 24 * 3600;

fn one(kind: &str, tries: u32, problem: &str) -> (String, u32, String) {
    (kind.to_owned(), tries, problem.to_owned())
}

#[tokio::test]
async fn a_mail_server_that_is_down_for_three_tries_gets_the_mail_once() {
    let mut world = World::new().await;
    world.sink.goes_down().await;
    world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
    assert_eq!(world.after(0).await, 1);
    assert_eq!(world.after(9).await, 0, "the second try is after ten seconds");
    assert_eq!(world.after(1).await, 1);
    assert_eq!(world.after(59).await, 0, "the third after one minute more");
    assert_eq!(world.after(1).await, 1);
    assert_eq!(world.waiting(), [one("answer", 3, "SMTP: no connection")]);
    world.sink.comes_up().await;
    assert_eq!(world.after(300).await, 1);
    assert!(world.sink.next().await.text().contains("Đến tháng Tư."));
    assert_eq!(world.after(DAY).await, 0);
    assert!(world.sink.is_empty());
    assert_eq!(world.waiting(), []);
}

#[tokio::test]
async fn a_program_is_called_until_it_says_2xx_always_under_the_same_id() {
    let mut world = World::impatient().await;
    world.sink.goes_down().await;
    world.feedback("AAAA-0001", "Hoa").await;
    world.hook.answers(500);
    world.after(0).await;
    let first = world.hook.next().await;
    assert_eq!(first.header("webhook-timestamp"), NOON.to_string());

    world.hook.answers(302);
    world.after(10).await;
    let second = world.hook.next().await;
    assert_eq!(second.header("webhook-timestamp"), (NOON + 10).to_string());
    assert!(world.hook.is_empty(), "where it sends us we do not go");

    // No answer at all.
    world.hook.answers(0);
    world.after(60).await;
    let third = world.hook.next().await;
    let hooks: Vec<_> = world.waiting().into_iter().filter(|(kind, ..)| kind == "hook").collect();
    assert_eq!(hooks, [one("hook", 3, "no answer in time")]);

    world.hook.answers(200);
    world.after(300).await;
    let last = world.hook.next().await;
    for call in [&second, &third, &last] {
        assert_eq!(call.header("webhook-id"), first.header("webhook-id"));
        assert_eq!(call.body, first.body);
    }
    assert!(last.header("webhook-id").starts_with("msg_"));
    world.after(DAY).await;
    assert!(world.hook.is_empty());
}

#[tokio::test]
async fn whatever_a_mail_server_does_in_the_middle_the_mail_arrives_once_and_whole() {
    for (manner, problem) in [
        (Manner::Answers("MAIL", 451), "SMTP 451"),
        (Manner::Answers("RCPT", 450), "SMTP 450"),
        (Manner::Answers("RCPT", 550), "SMTP 550"),
        (Manner::Answers("DATA", 554), "SMTP 554"),
        (Manner::Answers(".", 452), "SMTP 452"),
        (Manner::Drops, "SMTP: no connection"),
        (Manner::Hangs("EHLO"), "no answer in time"),
        (Manner::Hangs("DATA"), "no answer in time"),
        (Manner::Hangs("."), "no answer in time"),
    ] {
        let hangs = matches!(manner, Manner::Hangs(_));
        let mut world = if hangs { World::impatient().await } else { World::new().await };
        world.sink.behaves(manner.clone());
        world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
        assert_eq!(world.after(0).await, 1);
        assert!(world.sink.is_empty(), "{manner:?}");
        assert_eq!(world.waiting(), [one("answer", 1, problem)], "{manner:?}");
        world.sink.behaves(Manner::Takes);
        assert_eq!(world.after(10).await, 1);
        let letter = world.sink.next().await;
        assert!(letter.text().contains("Đến tháng Tư."), "{manner:?}");
        assert!(world.sink.is_empty() && world.waiting().is_empty(), "{manner:?}");
    }
}

#[tokio::test]
async fn a_mail_that_comes_twice_is_seen_to_be_one() {
    let mut world = World::new().await;
    world.sink.behaves(Manner::ForgetsToSay);
    world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
    world.answered("AAAA-0002", "Hoa", "Đến tháng Tư.", "vi").await;
    assert_eq!(world.after(0).await, 2);
    world.sink.behaves(Manner::Takes);
    assert_eq!(world.after(10).await, 2);
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(world.sink.next().await.value("Message-ID"));
    }
    ids.sort_unstable();
    assert!(ids[0] == ids[1] && ids[1] != ids[2] && ids[2] == ids[3], "{ids:?}");
    assert_eq!(world.waiting(), []);
}

#[tokio::test]
async fn what_a_process_has_claimed_is_another_ones_when_it_has_died() {
    let mut world = World::new().await;
    world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
    let claimed = world.store.claim_deliveries(Lane::Mail, NOON, NOON + 60, 1);
    assert_eq!(claimed.await.unwrap().len(), 1);
    assert_eq!(world.after(59).await, 0, "it is somebody's");
    assert_eq!(world.after(1).await, 1, "who has died");
    world.sink.next().await;
    assert!(world.sink.is_empty());
}

#[tokio::test]
async fn where_tls_is_required_nothing_is_said_in_clear() {
    let mut world = World::with_smtp("?tls=required").await;
    world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
    assert_eq!(world.after(0).await, 1);
    assert!(world.sink.is_empty());
    let said = world.sink.said();
    assert!(said.iter().all(|said| said.starts_with("EHLO") || said == "QUIT"), "{said:?}");
    let problem = "SMTP: not possible with this server";
    assert_eq!(world.waiting(), [one("answer", 1, problem)], "an operator can see why");
}

#[tokio::test]
async fn an_article_does_not_come_a_week_late() {
    let mut world = World::new().await;
    world.article_for(FRIEND, "vi").await;
    assert_eq!(world.after(7 * DAY).await, 1);
    assert!(world.sink.is_empty() && world.waiting().is_empty());
}

#[tokio::test]
async fn a_failure_that_is_told_late_does_not_undo_another_claim() {
    let world = World::new().await;
    world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
    let claim = |now| world.store.claim_deliveries(Lane::Mail, now, now + 60, 1);
    let first = claim(NOON).await.unwrap().remove(0);
    let second = claim(NOON + 60).await.unwrap().remove(0);
    assert_eq!((first.tries, second.tries), (1, 2));
    world.store.delivery_failed(&first, NOON + 61, "too late").await.unwrap();
    assert!(claim(NOON + 61).await.unwrap().is_empty(), "it is the second's");
    world.store.delivered(second.no).await.unwrap();
    world.answered("AAAA-0002", "Hoa", "Đến tháng Tư.", "vi").await;
    assert_ne!(claim(NOON + 61).await.unwrap()[0].no, second.no, "no number comes twice");
}

#[tokio::test]
async fn a_mail_server_that_hangs_does_not_hold_up_calls() {
    let mut world = World::impatient().await;
    world.sink.behaves(Manner::Hangs("EHLO"));
    for number in 0..12 {
        world.feedback(&format!("AAAA-{number:04}"), "Hoa").await;
    }
    let delivering = world.outbox.start();
    for _ in 0..12 {
        world.hook.next().await;
    }
    // They came while the first four mails were being tried, and not after those.
    let tried = world.waiting().into_iter().filter(|(_, tries, _)| *tries > 0).count();
    assert!(tried <= 8, "{tried}");
    delivering.stop().await;
}

#[tokio::test]
async fn a_try_ends_with_whoever_made_it() {
    let world = World::new().await;
    world.sink.behaves(Manner::Hangs("EHLO"));
    world.answered("AAAA-0001", "Hoa", "Đến tháng Tư.", "vi").await;
    let outbox = world.outbox.clone();
    let trying = tokio::spawn(async move { outbox.deliver_due().await });
    world.sink.hears("EHLO").await;
    trying.abort();
    assert!(trying.await.unwrap_err().is_cancelled());
    // Long before it would have given up by itself.
    let is_over = async {
        while Arc::strong_count(&world.outbox) > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(5), is_over).await.expect("nobody tries any more");
}

#[tokio::test]
async fn an_address_that_is_refused_does_not_keep_the_others_from_theirs() {
    let mut world = World::new().await;
    world.sink.behaves(Manner::Refuses("minh@", 550));
    world.article_for("mai@example.vn", "vi").await;
    world.article_for(FRIEND, "vi").await;
    world.article_for("mi@example.vn", "vi").await;
    assert_eq!(world.after(0).await, 3);
    let mut recipients = [world.sink.next().await, world.sink.next().await].map(|it| it.recipients);
    recipients.sort();
    assert_eq!(recipients, [["RCPT TO:<mai@example.vn>"], ["RCPT TO:<mi@example.vn>"]]);
    assert_eq!(world.waiting(), [], "a refused article is given up at once");
}

#[tokio::test]
async fn an_article_waits_while_the_refusal_may_pass() {
    for manner in [Manner::Answers("RCPT", 450), Manner::Answers("MAIL", 535)] {
        let mut world = World::new().await;
        world.sink.behaves(manner);
        world.article_for(FRIEND, "vi").await;
        assert_eq!(world.after(0).await, 1);
        world.sink.behaves(Manner::Takes);
        assert_eq!(world.after(10).await, 1);
        world.sink.next().await;
    }
}

#[tokio::test]
async fn what_has_not_arrived_in_a_week_is_given_up() {
    let world = World::new().await;
    world.sink.behaves(Manner::Answers("RCPT", 550));
    world.hook.answers(404);
    world.feedback("AAAA-0001", "Hoa").await;
    world.after(0).await;
    let mut tries = 1;
    while !world.waiting().is_empty() {
        assert!(world.after(6 * 3600).await <= 2, "every six hours");
        tries += 1;
    }
    assert_eq!(tries, 1 + 7 * 4, "after a week");
    assert!(world.sink.said().iter().any(|said| said.starts_with("RCPT")));
}
