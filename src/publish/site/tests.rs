use super::super::sample::{Board, day, empty_board, evening, event, small_board, tag, time};
use super::super::{Publisher, SliceKind, embed};
use super::Page;
use crate::model::{EventStatus, Moment, Override, Place, Recurrence, When};

fn page(board: &mut Board) -> String {
    let text = board.render(&Page);
    text.split("</style>").nth(1).unwrap().to_owned()
}

/// The words of a page, one line a block.
fn words(html: &str) -> String {
    let text = html.replace("<script", "<!--").replace('<', "\n<");
    let lines = text.lines().map(|line| line.split_once('>').map_or(line, |(_, words)| words).trim());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("|")
}

#[test]
fn the_page_of_a_small_board() {
    insta::assert_snapshot!(words(&page(&mut small_board())), @r#"Skip to the events|Turku Makers|What makers &amp; menders do in Turku|Subscribe to the calendar|Other ways|Upcoming events|March 2025|Fri|28|Mar|Mending evening|Fri 28|–|Sun 30 March 2025|Harbour Hall|mending|from|Our blog|Subscribe|Events, kept up to date in your calendar|Subscribe|Calendar file|News of the community|Atom feed|RSS feed|JSON Feed|For programs|Events as JSON|By tag|mending|Atom|RSS|JSON|Calendar|By source|Our blog|Atom|RSS|JSON|Calendar|Show this list on your site|How to embed it|Put this where the list should appear:|&lt;script type="module" src="https://board.example/embed.js"&gt;&lt;/script&gt;|&lt;noticeboard-events limit="10"&gt;|&lt;a href="https://board.example/"&gt;Our events&lt;/a&gt;|&lt;/noticeboard-events&gt;|Without scripts:|a page for an iframe|, or|plain HTML|for a server-side include.|As of Thursday, 20 March 2025. Each time is told on the clock of its own place. Gathered by Noticeboard from what the community publishes itself."#);
}

#[test]
fn an_empty_page_says_why() {
    let text = words(&page(&mut empty_board()));
    assert!(text.contains("No event has been found yet."), "{text}");
    let mut board = small_board();
    board.view.today = day(31);
    let text = words(&page(&mut board));
    assert!(text.contains("Nothing is announced from Monday, 31 March 2025 on."), "{text}");
    assert!(text.contains("Recently past"), "{text}");
}

#[test]
fn what_is_under_way_stands_first_and_what_ended_yesterday_is_past() {
    let mut board = empty_board();
    board.events.push(event("Ended yesterday", When::AllDay { first: day(1), last: day(19) }));
    board.events.push(event("Ends today", When::AllDay { first: day(1), last: day(20) }));
    board.events.push(event("Tonight", evening(20)));
    let text = words(&page(&mut board));
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} in {text}"));
    assert!(place("On now") < place("Ends today") && place("Ends today") < place("Tonight"));
    assert!(place("Recently past") < place("Ended yesterday"));
}

#[test]
fn only_the_last_past_events_are_listed() {
    let mut board = empty_board();
    for n in 0..40 {
        let on = day(1) - chrono::TimeDelta::days(i64::from(40 - n));
        board.events.push(event(&format!("Number {n}!"), When::day(on)));
    }
    let text = page(&mut board);
    assert!(!text.contains("Number 19!") && text.contains("Number 20!") && text.contains("Number 39!"));
}

#[test]
fn a_series_shows_its_next_date_and_says_what_falls_out_before() {
    let mut board = empty_board();
    let mut series = event("Open workshop", evening(5));
    let off =
        Override { of: Moment::Local(time(26, 18)), when: evening(26), title: None, place: None, cancelled: true };
    series.facts.recurrence =
        Some(Recurrence { rules: vec!["FREQ=WEEKLY".into()], overrides: vec![off], ..Recurrence::default() });
    board.events.push(series);
    let text = words(&page(&mut board));
    assert!(text.contains("Cancelled|Wednesday, 26 March 2025, 18:00|–|20:00|Helsinki time (UTC+2)"), "{text}");
    assert!(text.contains("Wednesday, 2 April 2025, 18:00|–|20:00|Helsinki time (UTC+3)"), "{text}");
    assert!(!text.contains("9 April"), "{text}");
}

#[test]
fn a_moment_is_told_on_the_boards_clock() {
    let mut board = empty_board();
    let start = super::super::sample::at("2025-03-25T23:30:00Z");
    board.events.push(event("Late call", When::Instant { start, end: None }));
    let text = page(&mut board);
    assert!(text.contains("datetime=\"2025-03-26T01:30:00+02:00\">Wednesday, 26 March 2025, 01:30</time>"), "{text}");
}

#[test]
fn states_are_told_in_words() {
    let mut board = small_board();
    board.events[0].facts.status = EventStatus::Cancelled;
    let text = page(&mut board);
    assert!(text.contains("is-cancelled") && text.contains("<strong>Cancelled</strong>"), "{text}");
    assert!(page_head(&mut board).contains("https://schema.org/EventCancelled"));
}

#[test]
fn an_event_without_a_place_is_left_out_of_the_json_ld() {
    let mut board = small_board();
    assert!(page_head(&mut board).contains("\"@type\":\"Event\""));
    board.events[0].facts.place = Place::default();
    assert!(!page_head(&mut board).contains("ld+json"));
}

fn page_head(board: &mut Board) -> String {
    board.render(&Page).split("<style>").next().unwrap().to_owned()
}

#[test]
fn links_lead_only_to_what_is_published() {
    let mut board = small_board();
    board.view.publish = vec!["atom".into(), "page".into()];
    let text = board.render(&Page);
    for absent in ["webcal:", "feed.rss", "feed.json", "events.ics", "events.json"] {
        assert!(!text.contains(absent), "{absent}");
    }
    assert!(text.contains("href=\"tags/mending/feed.atom\"") && text.contains("href=\"tags/mending/index.html\""));
    board.view.kind = SliceKind::Tag(tag("mending"));
    board.view.base = "https://board.example/tags/mending/".parse().unwrap();
    let text = board.render(&Page);
    assert!(text.contains("href=\"../../\"") && text.contains("href=\"../../sources/blog/\""), "{text}");
    assert!(text.contains("tag=&quot;mending&quot;"), "{text}");
}

#[test]
fn hostile_words_stay_words() {
    let mut board = small_board();
    let hostile = "</script><script>alert(1)</script> ]]> \" ' <img src=x onerror=y> {{ 7*7 }}";
    board.events[0].facts.title = hostile.into();
    board.events[0].facts.summary = Some(hostile.into());
    board.events[0].facts.place.name = Some(hostile.into());
    board.events[0].facts.tags = vec![tag(hostile)];
    board.view.slices[0].kind = SliceKind::Tag(tag(hostile));
    board.view.site.title = hostile.into();
    for artifact in Page
        .artifacts()
        .iter()
        .map(|a| (&Page as &dyn Publisher, a))
        .chain([(&embed::Embed as &dyn Publisher, &embed::PAGE), (&embed::Embed as &dyn Publisher, &embed::FRAGMENT)])
    {
        let text = board.render_artifact(artifact.0, artifact.1);
        assert!(!text.contains("<script>") && !text.contains("<img") && !text.contains("</script><"), "{text}");
    }
}

#[test]
fn what_others_embed_names_no_file_that_is_moved_later() {
    let mut board = small_board();
    for artifact in [embed::PAGE, embed::FRAGMENT] {
        let text = board.render_artifact(&embed::Embed, &artifact);
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let own: Vec<&str> = links.filter(|href| !href.contains(':')).collect();
        assert!(text.contains("Mending evening") && own.is_empty(), "{own:?}");
    }
}

#[test]
fn the_script_is_small_and_sets_only_text() {
    let script = board_script();
    assert!(script.len() < 15_000);
    for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}

fn board_script() -> String {
    empty_board().render_artifact(&embed::Embed, &embed::SCRIPT)
}
