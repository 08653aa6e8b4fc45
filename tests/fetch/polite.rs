//! How servers are treated, how long a run takes, and how little it holds while it does.

use super::faults::{limits, net, origin};
use super::net_with;
use super::server::{Reply, Server, reply};
use noticeboard::fetch::{Arrival, Due, Failed, Known, Limits, Told, due};
use noticeboard::model::SourceId;
use std::path::Path;
use std::time::{Duration, Instant};

fn due_at(id: &str, address: &str) -> Due {
    Due { source: SourceId::new(id).unwrap(), origin: origin(address), known: Known::default() }
}

/// Asks them all: who answered well, and who failed and why, in the order of their ends.
async fn ends(sources: Vec<Due>, limits: Limits) -> Vec<(String, Option<String>, Told)> {
    let mut arrivals = due(sources, net_with(Path::new("unused"), limits));
    let mut ends = Vec::new();
    while let Some(arrival) = arrivals.recv().await {
        match arrival {
            Arrival::Answered(answered) => ends.push((answered.source.as_str().to_owned(), None, answered.told)),
            Arrival::Failed(Failed { source, problem, told, .. }) => {
                ends.push((source.as_str().to_owned(), Some(problem.message), told));
            }
            _ => {}
        }
    }
    ends
}

#[tokio::test]
async fn requests_at_one_server_begin_one_after_the_other_redirects_included() {
    let server = Server::start(|_, request| match request.starts_with("GET /moved") {
        true => reply("302 Found", &["Location: /there"], b""),
        false => reply("200 OK", &[], b"hello"),
    })
    .await;
    let sources = (0..3).map(|n| due_at(&format!("source-{n}"), &format!("{}/moved/{n}", server.address))).collect();
    let ends = ends(sources, Limits { spacing: 200, ..limits() }).await;
    assert!(ends.len() == 3 && ends.iter().all(|(_, failure, _)| failure.is_none()), "{ends:?}");
    let moments = server.moments();
    assert_eq!(moments.len(), 6);
    let whole = *moments.iter().max().unwrap() - *moments.iter().min().unwrap();
    assert!(whole >= Duration::from_millis(700), "{whole:?}");
}

#[tokio::test]
async fn a_connection_is_kept_for_those_who_wait_for_its_server_and_the_last_closes_it() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"hello")).await;
    let sources = (0..3).map(|n| due_at(&format!("source-{n}"), &format!("{}/{n}", server.address))).collect();
    assert_eq!(ends(sources, Limits { at_one_host: 1, ..limits() }).await.len(), 3);
    let closes = |request: &String| request.to_ascii_lowercase().contains("connection: close");
    assert_eq!(server.requests().iter().map(closes).collect::<Vec<_>>(), [false, false, true]);
}

#[tokio::test]
async fn a_server_that_wants_rest_gets_it_from_all_its_sources() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let server = Server::start(move |_, _| reply(status, &["Retry-After: 120"], b"")).await;
        let at = |n| due_at(&format!("source-{n}"), &format!("{}/{n}", server.address));
        let git = toml::from_str(&format!("git = {{ url = \"{}/docs\" }}", server.address)).unwrap();
        let sources = vec![at(0), at(1), Due { origin: git, ..at(2) }];
        let ends = ends(sources, Limits { at_one_host: 1, ..limits() }).await;
        assert_eq!(server.requests().len(), 1, "{status}");
        let messages: Vec<&str> = ends.iter().map(|(_, message, _)| message.as_deref().unwrap()).collect();
        assert_eq!(messages[0], format!("expected a document, but the server answered `{status}`"));
        for (message, (.., told)) in messages.iter().zip(&ends).skip(1) {
            assert!(message.starts_with("not asked: its server `127.0.0.1` wants to be left alone for 1"), "{message}");
            assert!(told.retry_after.is_some_and(|wait| wait > Duration::from_secs(60)), "{told:?}");
        }
    }
}

#[tokio::test]
async fn a_date_to_come_back_counts_from_the_run_where_the_server_tells_no_clock() {
    let server =
        Server::start(|_, _| reply("503 Service Unavailable", &["Retry-After: Tue, 01 Dec 2026 00:10:00 GMT"], b""))
            .await;
    let ends = ends(vec![due_at("one", &server.address)], limits()).await;
    assert_eq!(ends[0].2.retry_after, Some(Duration::from_secs(600)), "the run is at midnight");
}

#[tokio::test]
async fn a_second_try_keeps_nobody_waiting() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"hello")).await;
    let sources = vec![due_at("gone", "http://127.0.0.1:1/"), due_at("well", &server.address)];
    let ends = ends(sources, Limits { at_once: 1, ..limits() }).await;
    let order: Vec<&str> = ends.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(order, ["well", "gone"], "the first, which is tried once more, ends last");
}

#[tokio::test]
async fn a_run_ends_when_its_time_is_over_and_what_was_not_reached_has_no_end() {
    let (slow, well) =
        (Server::start(|_, _| Reply::Silence).await, Server::start(|_, _| reply("200 OK", &[], b"hello")).await);
    let limits = Limits { total: 2, first_byte: 60, at_once: 4, at_one_host: 4, ..limits() };
    let slow = (0..50).map(|n| due_at(&format!("slow-{n}"), &format!("{}/{n}", slow.address)));
    let sources = std::iter::once(due_at("well", &well.address)).chain(slow).collect();
    let begun = Instant::now();
    let ends = ends(sources, limits).await;
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    let order: Vec<&str> = ends.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(order, ["well"]);
}

#[tokio::test]
async fn one_slow_server_keeps_only_its_own_sources_waiting() {
    let slow = Server::start(|_, _| Reply::Silence).await;
    let well = Server::start_at("[::1]:0", |_, _| reply("200 OK", &[], b"hello")).await;
    // Not every machine has a second address.
    let Some(well) = well else { return };
    let limits: Limits =
        toml::from_str("spacing = 0\nat_once = 4\nat_one_host = 2\ntotal = 8\nallow = [\"127.0.0.1\", \"::1\"]")
            .unwrap();
    let slow = (0..20).map(|n| due_at(&format!("slow-{n}"), &format!("{}/{n}", slow.address)));
    let sources = slow.chain((0..20).map(|n| due_at(&format!("well-{n}"), &format!("{}/{n}", well.address)))).collect();
    let ends = ends(sources, limits).await;
    assert_eq!(ends.iter().filter(|(id, ..)| id.starts_with("well")).count(), 20);
}

#[tokio::test]
async fn few_sources_are_under_way_at_once_however_many_there_are() {
    let slow = Server::start(|_, _| Reply::Silence).await;
    let sources = (0..3000).map(|n| due_at(&format!("slow-{n}"), &format!("{}/{n}", slow.address))).collect();
    let limits = Limits { at_one_host: 16, first_byte: 60, ..limits() };
    let arrivals = due(sources, net_with(Path::new("unused"), limits));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert!((4..200).contains(&tasks), "{tasks} tasks");
    drop(arrivals);
}

#[tokio::test]
async fn more_documents_than_memory_has_room_for_all_arrive() {
    const LARGE: usize = 12 * 1024 * 1024;
    let server = Server::start(|_, _| reply("200 OK", &[], &vec![b'x'; LARGE])).await;
    let source = |n| Due {
        source: SourceId::new(&format!("large-{n}")).unwrap(),
        origin: toml::from_str(&format!("http = {{ url = \"{}/{n}\", timeout = 60 }}", server.address)).unwrap(),
        known: Known::default(),
    };
    let limits = Limits { at_one_host: 16, first_byte: 60, idle: 60, ..limits() };
    let mut arrivals = due((0..20).map(source).collect(), net_with(Path::new("unused"), limits));
    let (mut documents, mut answered) = (0, 0);
    while let Some(arrival) = arrivals.recv().await {
        match arrival {
            Arrival::Document(document) => {
                assert_eq!(document.bytes.len(), LARGE);
                documents += 1;
            }
            Arrival::Answered(_) => answered += 1,
            Arrival::Begun(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((documents, answered), (20, 20));
}

#[tokio::test]
async fn what_a_page_offers_says_itself_when_to_ask_again() {
    let server = Server::start(|n, _| match n == 1 {
        true => reply("429 Too Many Requests", &["Retry-After: 300"], b""),
        false => reply("200 OK", &["Cache-Control: max-age=600"], b"BEGIN:VCALENDAR"),
    })
    .await;
    let at = |path: &str| (format!("{}/{path}", server.address).parse().unwrap(), Default::default());
    let known = Known { offered: vec![at("all.ics"), at("walks.ics"), at("never.ics")], ..Known::default() };
    let outcome = super::ask_with(super::http::origin(&server.address, ", allow_private = true"), known, net()).await;
    let told = outcome.answered.unwrap().told;
    assert_eq!(told.fresh_for, Some(Duration::from_secs(600)));
    assert_eq!(told.retry_after, Some(Duration::from_secs(300)));
    assert_eq!(server.requests().len(), 2, "after the second the server is left alone");
}

#[tokio::test]
async fn only_the_source_s_own_address_can_be_gone_for_good() {
    let server = Server::start(|_, request| match request.split(' ').nth(1).unwrap_or_default() {
        "/for-good" => reply("301 Moved Permanently", &["Location: /410"], b""),
        "/for-now" => reply("302 Found", &["Location: /410"], b""),
        _ => reply("410 Gone", &[], b""),
    })
    .await;
    let at = |path: &str| format!("{}{path}", server.address).parse::<url::Url>().unwrap();
    let moved = Known { moved_to: Some(at("/410")), ..Known::default() };
    let offering = Known { offered: vec![(at("/410"), Default::default())], ..Known::default() };
    for (path, known, expected) in [
        ("/410", Known::default(), true),
        ("/for-good", Known::default(), true),
        ("/for-now", Known::default(), false),
        ("/own", moved, false),
        ("/page", offering, false),
    ] {
        let outcome = super::ask_with(origin(at(path).as_str()), known, net()).await;
        assert!(outcome.failure().contains("410 Gone"), "{path}: {}", outcome.failure());
        let hint = outcome.failed.unwrap().hint.unwrap();
        assert_eq!((outcome.told.gone, hint.contains("gone for good")), (expected, expected), "{path}");
    }
}

#[tokio::test]
async fn what_was_waited_for_a_turn_is_not_taken_from_the_second_try() {
    let server = Server::start(|n, _| match n {
        0 => reply("302 Found", &["Location: /there"], b""),
        1 => reply("500 Internal Server Error", &[], b""),
        _ => reply("200 OK", &[], b"hello"),
    })
    .await;
    let origin = super::http::origin(&server.address, ", timeout = 2");
    let source = SourceId::new("one").unwrap();
    let ends = ends(vec![Due { source, origin, known: Known::default() }], Limits { spacing: 2500, ..limits() }).await;
    assert_eq!(
        (server.requests().len(), &ends[0].1),
        (3, &None),
        "the turn after the redirect took longer than `timeout`"
    );
}

#[tokio::test]
async fn requests_are_spaced_behind_a_slow_reader_too() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"hello")).await;
    // More arrivals than may wait to be read.
    let folder = tempfile::tempdir().unwrap();
    let here = |n| Due {
        origin: super::directory::origin(folder.path(), &[], &[]),
        ..due_at(&format!("here-{n}"), "http://ponds.example/")
    };
    let sources = (0..40).map(here).chain((0..4).map(|n| due_at(&format!("source-{n}"), &server.address))).collect();
    let limits = Limits { spacing: 200, at_once: 100, at_one_host: 100, ..limits() };
    let mut arrivals = due(sources, net_with(Path::new("unused"), limits));
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert!(server.requests().is_empty(), "nothing is asked before its turn was told");
    while arrivals.recv().await.is_some() {}
    let moments = server.moments();
    assert_eq!(moments.len(), 4);
    let whole = *moments.iter().max().unwrap() - *moments.iter().min().unwrap();
    assert!(whole >= Duration::from_millis(400), "{whole:?}");
}

#[tokio::test]
async fn every_offer_of_a_page_has_its_turn_though_the_server_soon_wants_rest() {
    let server = Server::start(|n, _| match n % 2 {
        0 => reply("200 OK", &[], b"BEGIN:VCALENDAR"),
        _ => reply("429 Too Many Requests", &[], b""),
    })
    .await;
    let at = |n| (format!("{}/{n}.ics", server.address).parse().unwrap(), Default::default());
    let mut known = Known { offered: (0..6).map(at).collect(), ..Known::default() };
    let source = origin(&server.address);
    for run in 1..=40 {
        let mut net = net();
        net.now += chrono::TimeDelta::days(run);
        let outcome = super::ask_with(source.clone(), known.clone(), net).await;
        known = outcome.known(known);
        if run == 6 {
            assert_eq!(known.versions.len(), 6, "each run begins with one that was never had");
        }
    }
    let requests = server.requests();
    let first: std::collections::BTreeSet<&str> =
        requests.iter().skip(12).step_by(2).filter_map(|request| request.split(' ').nth(1)).collect();
    assert_eq!((requests.len(), first.len()), (80, 6), "{first:?}");
}

#[tokio::test]
async fn waits_for_turns_do_not_count_in_the_time_of_what_a_page_offers() {
    let server = Server::start(|_, _| reply("200 OK", &[], b"BEGIN:VCALENDAR")).await;
    let at = |n| (format!("{}/{n}.ics", server.address).parse().unwrap(), Default::default());
    let known = Known { offered: (0..5).map(at).collect(), ..Known::default() };
    let net = net_with(Path::new("unused"), Limits { spacing: 1500, ..limits() });
    super::ask_with(super::http::origin(&server.address, ", timeout = 1"), known, net).await;
    assert_eq!(server.requests().len(), 5);
}
