//! What does not change costs nothing and moves nothing; what changes is told once, under the name it had.

mod common;

use common::{Board, POSTS, bytes, nth_post, post};

const NOW: &str = "2026-12-01T12:00:00Z";
const LATER: &str = "2026-12-01T13:00:00Z";

fn big_board(posts: usize) -> Board {
    let board = Board::new(POSTS);
    for n in 0..posts {
        board.write(&format!("posts/post-{n:04}.md"), nth_post(n, ""));
    }
    board
}

#[test]
fn probe() {
    let board = big_board(1000);
    let started = std::time::Instant::now();
    let told = board.run(NOW, &["-v"]);
    eprintln!("{told:?} {:?}", started.elapsed());
    let started = std::time::Instant::now();
    let told = board.run(LATER, &["-v", "--all"]);
    eprintln!("{told:?} {:?}", started.elapsed());
    for n in 0..100 {
        board.write(&format!("posts/post-{:04}.md", n * 10), nth_post(n * 10, " (second edition)"));
    }
    let started = std::time::Instant::now();
    let told = board.run(LATER, &["-v", "--all"]);
    eprintln!("{told:?} {:?}", started.elapsed());
    eprintln!("{} {:?}", board.root().display(), bytes(&board.output()).keys());
    let _ = post;
}
