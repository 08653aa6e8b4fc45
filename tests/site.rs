//! A repository that knows its own address: what the configuration of its site tells stands for a `link` rule.

mod common;

use common::{Board, post};
use std::process::Command;

const NOW: &str = "2026-12-01T12:00:00Z";
const LATER: &str = "2026-12-01T13:00:00Z";

fn walk(board: &Board, name: &str) {
    let text = post("Night walk", "2026-11-05T10:00:00Z", "startDate: 2026-12-09", "Bring a lamp.");
    board.write(name, text);
}

#[test]
fn posts_have_the_addresses_that_their_site_gives_them() {
    let board = Board::new(
        "[[source]]\nid = \"site\"\nfrom.directory = { path = \"site\", include = [\"content/**/*.md\"] }\n",
    );
    walk(&board, "site/content/walks/night.md");
    board.run_well(NOW);
    assert_eq!(board.event("Night walk").get("URL"), None);
    board.write("site/hugo.toml", "baseURL = 'https://paperboats.example/club/'\n");
    board.run_well(LATER);
    let url = |board: &Board| board.event("Night walk").get("URL").map(str::to_owned);
    assert_eq!(url(&board).as_deref(), Some("https://paperboats.example/club/walks/night/"));
    let before = board.events();
    board.run_well("2026-12-01T14:00:00Z");
    assert_eq!(board.events(), before);
    board.write("site/hugo.toml", "baseURL = 'https://boats.example/'\n[permalinks]\nwalks = '/:year/:slug/'\n");
    board.run_well("2026-12-01T15:00:00Z");
    assert_eq!(url(&board).as_deref(), Some("https://boats.example/2026/night-walk/"));
    let after = board.events();
    assert_eq!((after.len(), after[0].get("UID")), (1, before[0].get("UID")), "it is still the same event");
}

#[test]
fn a_repository_of_posts_brings_its_site_along() {
    let board = Board::new("[[source]]\nid = \"site\"\nfrom.git = { url = \"site\" }\n");
    walk(&board, "site/_posts/2026-11-05-night.md");
    board.write("site/_config.yml", "url: https://paperboats.example\npermalink: /walks/:title/\n");
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(board.path("site")).args(["-c", "user.name=A", "-c", "user.email=a@boats.example"]).args(words);
        assert!(git.output().unwrap().status.success(), "{words:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "Walk"]);
    board.run_well(NOW);
    assert_eq!(board.event("Night walk").get("URL"), Some("https://paperboats.example/walks/night/"));
}

#[test]
fn a_folder_with_nothing_but_a_configuration_is_told() {
    let board = Board::new("[[source]]\nid = \"site\"\nfrom.directory = { path = \"site\" }\n");
    board.write("site/hugo.toml", "baseURL = 'https://paperboats.example/'\n");
    assert!(board.run(NOW, &[]).err.contains("the globs choose no file"));
}
