//! For tests: how the cost of reading grows with its input.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Some input is so small that what is measured is mostly something else.
const NOISE: Duration = Duration::from_millis(20);

/// Sees that four times as much costs about four times as much, and not the sixteen times of what grows with the square. What counts is
/// the work of this thread, not the time that passes, so that a busy machine changes nothing.
pub(super) fn assert_linear(what: &str, repeats: usize, input: impl Fn(usize) -> String, read: impl Fn(&str)) {
    let cost = |repeats: usize| {
        let input = input(repeats);
        let before = work_of_this_thread();
        read(&input);
        work_of_this_thread() - before
    };
    cost(repeats / 4); // What is made when first needed is no part of the cost.
    let (little, much) = (cost(repeats), cost(repeats * 4));
    assert!(much < little * 8 + NOISE, "{what}: {repeats} take {little:?}, four times as many {much:?}");
}

fn work_of_this_thread() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[test]
#[should_panic(expected = "a square")]
fn what_grows_with_the_square_is_seen() {
    let pairs = |text: &str| text.bytes().map(|a| text.bytes().filter(|b| *b == a).count()).sum::<usize>();
    assert_linear("a square", 800, |repeats| "a".repeat(repeats), |text| assert!(pairs(text) > 0));
}
