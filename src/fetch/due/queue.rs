//! Whose turn it is: one line for each server, so that a slow one keeps only its own waiting.
//!
//! In: things to do in order of urgency, each with the server that it needs. Out: the most urgent whose server has room for it now. Nothing here
//! waits; it tells when to look again.

use crate::fetch::manners::Manners;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tokio::time::Instant;

/// Things to do, each in the line of its server. Things that need none have a line of their own, without limits.
pub(super) struct Queue<T> {
    at_one_host: usize,
    lines: Vec<Line<T>>,
    by_host: HashMap<Option<String>, usize>,
    count: usize,
    /// Lines that may go on now, by how urgent their first is.
    ready: BTreeSet<(usize, usize)>,
    /// Lines that may go on then.
    resting: BTreeSet<(Instant, usize)>,
    /// Things that come back then.
    paused: BTreeMap<(Instant, usize), (Place, T)>,
}

struct Line<T> {
    host: Option<String>,
    /// By how urgent they are.
    waiting: BTreeMap<usize, T>,
    active: usize,
    standing: Standing,
}

/// In which list a line is.
#[derive(Clone, Copy)]
enum Standing {
    None,
    Ready(usize),
    Resting(Instant),
}

/// Where a thing stands: its line, and how urgent it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    line: usize,
    order: usize,
}

/// A thing whose turn has come.
pub(super) struct Turn<T> {
    pub place: Place,
    /// The server where its turn was taken.
    pub host: Option<String>,
    /// Nothing else waits for that server.
    pub is_last: bool,
    pub item: T,
}

impl<T> Queue<T> {
    pub(super) fn new(at_one_host: usize) -> Self {
        Self {
            at_one_host,
            lines: Vec::new(),
            by_host: HashMap::new(),
            count: 0,
            ready: BTreeSet::new(),
            resting: BTreeSet::new(),
            paused: BTreeMap::new(),
        }
    }

    /// Adds a thing that is less urgent than all before it.
    pub(super) fn add(&mut self, host: Option<String>, item: T) {
        let at = *self.by_host.entry(host).or_insert_with_key(|host| {
            let host = host.clone();
            self.lines.push(Line { host, waiting: BTreeMap::new(), active: 0, standing: Standing::None });
            self.lines.len() - 1
        });
        if let Some(line) = self.lines.get_mut(at) {
            line.waiting.insert(self.count, item);
            self.count += 1;
        }
    }

    /// Lets all lines begin.
    pub(super) fn open(&mut self, manners: &Manners) {
        (0..self.lines.len()).for_each(|line| self.stand(line, manners));
    }

    /// Puts a line where it belongs now.
    fn stand(&mut self, at: usize, manners: &Manners) {
        let Some(line) = self.lines.get_mut(at) else { return };
        match line.standing {
            Standing::Ready(order) => drop(self.ready.remove(&(order, at))),
            Standing::Resting(until) => drop(self.resting.remove(&(until, at))),
            Standing::None => {}
        }
        let first = line.waiting.keys().next().copied();
        let next = line.host.as_deref().and_then(|host| manners.next(host));
        let is_full = line.host.is_some() && line.active >= self.at_one_host;
        line.standing = match (first, next) {
            (Some(_), Some(until)) if !is_full && until > Instant::now() => Standing::Resting(until),
            (Some(order), _) if !is_full => Standing::Ready(order),
            _ => Standing::None,
        };
        match line.standing {
            Standing::Ready(order) => drop(self.ready.insert((order, at))),
            Standing::Resting(until) => drop(self.resting.insert((until, at))),
            Standing::None => {}
        }
    }

    /// The most urgent thing whose server has room for it, with its turn taken there.
    pub(super) fn next(&mut self, manners: &Manners) -> Option<Turn<T>> {
        let (order, at) = self.ready.pop_first()?;
        let line = self.lines.get_mut(at)?;
        line.standing = Standing::None;
        let item = line.waiting.remove(&order)?;
        line.active += 1;
        let (host, is_last) = (line.host.clone(), line.waiting.is_empty());
        if let Some(host) = &host {
            manners.take_turn(host);
        }
        self.stand(at, manners);
        Some(Turn { place: Place { line: at, order }, host, is_last, item })
    }

    /// Something whose turn had come has ended.
    pub(super) fn ended(&mut self, place: Place, manners: &Manners) {
        if let Some(line) = self.lines.get_mut(place.line) {
            line.active = line.active.saturating_sub(1);
        }
        self.stand(place.line, manners);
    }

    /// Something comes back at that time, as urgent as it was.
    pub(super) fn put_back(&mut self, place: Place, item: T, then: Instant) {
        self.paused.insert((then, place.order), (place, item));
    }

    /// Looks at what has waited for this time.
    pub(super) fn wake(&mut self, now: Instant, manners: &Manners) {
        while let Some(entry) = self.paused.first_entry().filter(|entry| entry.key().0 <= now) {
            let (place, item) = entry.remove();
            if let Some(line) = self.lines.get_mut(place.line) {
                line.waiting.insert(place.order, item);
            }
            self.stand(place.line, manners);
        }
        while let Some((_, at)) = self.resting.first().copied().filter(|(until, _)| *until <= now) {
            self.resting.pop_first();
            self.stand(at, manners);
        }
    }

    /// When to look again, where something waits for a time.
    pub(super) fn next_wake(&self) -> Option<Instant> {
        let resting = self.resting.first().map(|(until, _)| *until);
        let paused = self.paused.keys().next().map(|(then, _)| *then);
        resting.into_iter().chain(paused).min()
    }

    /// True where nothing waits, be it for its turn or for a time. Full lines wait for something that is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.ready.is_empty() && self.resting.is_empty() && self.paused.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn host(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    fn drain(queue: &mut Queue<&'static str>, manners: &Manners) -> Vec<(Place, &'static str)> {
        std::iter::from_fn(|| queue.next(manners).map(|turn| (turn.place, turn.item))).collect()
    }

    #[test]
    fn a_full_server_keeps_only_its_own_waiting_and_urgent_ones_go_first() {
        let manners = Manners::new(Duration::ZERO);
        let mut queue = Queue::new(2);
        for (name, item) in [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("a", "a4"), ("c", "c1"), ("b", "b2")]
        {
            queue.add(host(name), item);
        }
        queue.add(None, "here 1");
        queue.add(None, "here 2");
        queue.add(None, "here 3");
        queue.open(&manners);
        let begun = drain(&mut queue, &manners);
        let items: Vec<_> = begun.iter().map(|(_, item)| *item).collect();
        assert_eq!(items, ["a1", "a2", "b1", "c1", "b2", "here 1", "here 2", "here 3"]);
        queue.ended(begun[0].0, &manners);
        assert_eq!(drain(&mut queue, &manners).first().unwrap().1, "a3");
        assert!(queue.is_empty(), "what waits for its full server needs no look");
    }

    #[test]
    fn a_server_rests_between_turns_while_others_go_on() {
        let manners = Manners::new(Duration::from_secs(100));
        let mut queue = Queue::new(4);
        for (name, item) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
            queue.add(host(name), item);
        }
        queue.open(&manners);
        let items: Vec<_> = drain(&mut queue, &manners).into_iter().map(|(_, item)| item).collect();
        assert_eq!(items, ["a1", "b1"]);
        let wake = queue.next_wake().unwrap();
        assert!(wake > Instant::now() + Duration::from_secs(50));
        assert!(!queue.is_empty());
    }

    #[test]
    fn what_is_put_back_comes_again_before_what_is_less_urgent() {
        let manners = Manners::new(Duration::ZERO);
        let mut queue = Queue::new(1);
        queue.add(host("a"), "a1");
        queue.add(host("a"), "a2");
        queue.add(host("a"), "a3");
        queue.open(&manners);
        let first = queue.next(&manners).unwrap();
        let now = Instant::now();
        queue.put_back(first.place, first.item, now);
        queue.ended(first.place, &manners);
        queue.wake(now, &manners);
        assert_eq!(queue.next(&manners).unwrap().item, "a1");
    }
}
