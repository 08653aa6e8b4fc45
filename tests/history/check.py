#!/usr/bin/env python3
"""A subscriber's year in thirty runs: after each, all clients have seen what script.py says, and nothing else.

  tests/history/check.py PROGRAM        PROGRAM: the noticeboard binary

Runs the program day after day over sources that the script writes (sources.py), and gives what is published to clients (clients.py). A second run after
each changes no byte, and the whole history played again ends in the same bytes. `health.*` tells of runs and is left out.
"""
import datetime
import pathlib
import re
import subprocess
import sys
import tempfile

import clients
from script import CHOIR, RUNS
from sources import Origin, World

FIRST_RUN = datetime.datetime(2027, 3, 11, 7, 0, tzinfo=datetime.timezone.utc)
NAMES = ["events.ics", "events.json", "feed.atom", "feed.rss", "feed.json"]


def main():
    program, origin = pathlib.Path(sys.argv[1]).resolve(), Origin()
    try:
        first, wrong = play(program, origin)
        again, _ = play(program, origin)
    finally:
        origin.stop()
    wrong += [f"run {n}: played again, other bytes in {differing(a, b)}" for n, (a, b) in enumerate(zip(first, again), 1) if a != b]
    sys.exit("\n".join(wrong) or None)


def play(program, origin):
    """Plays the history in a new folder: what each run published, and what was wrong with it."""
    published, wrong = [], []
    with tempfile.TemporaryDirectory() as folder:
        world, subscribers = World(folder, origin), Subscribers()
        for n, run in enumerate(RUNS, 1):
            now = FIRST_RUN + datetime.timedelta(days=n - 1)
            run.do(world)
            world.write(now)
            said = ask(program, folder, now)
            files = output(folder)
            published.append(files)
            found = told(run, said) + subscribers.see(run, files, now.date())
            ask(program, folder, now)
            changed = differing(files, output(folder))
            found += [f"a second run changed {changed}"] if changed else []
            wrong += [f"run {n}, {now:%d %B} ({run.what}): {words}" for words in found]
    return published, wrong


def ask(program, folder, now):
    """One run; what it said to a person."""
    command = [program, "run", "--all", "--now", f"{now:%Y-%m-%dT%H:%M:%SZ}"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
    if done.returncode not in (0, 3):
        sys.exit(f"the program ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def output(folder):
    public = pathlib.Path(folder) / "public"
    files = (file for file in public.rglob("*") if file.is_file() and not file.name.startswith("health."))
    return {str(file.relative_to(public)): file.read_bytes() for file in files}


def differing(some, others):
    return ", ".join(sorted(name for name in some.keys() | others.keys() if some.get(name) != others.get(name)))


def told(run, said):
    """What the run should have said."""
    if not run.told:
        return [f"expected it to say nothing, but it said: {said!r}"] if said else []
    return [f"expected it to say `{word}`, but it said: {said!r}" for word in run.told if word not in said]


class Subscribers:
    """One client for each output."""

    def __init__(self):
        self.of = dict(zip(NAMES, [clients.Calendar(), clients.Data(), clients.Atom(), clients.Rss(), clients.JsonFeed()]))

    def see(self, run, files, today):
        """What differs from what they should see."""
        wrong = []
        for name, client in self.of.items():
            expected = sorted(run.events if name.startswith("events") else run.posts)
            seen = client.take(files[name].decode())
            wrong += [f"{name}: expected {expected or 'nothing'}, but seen is {seen or 'nothing'}"] if seen != expected else []
            wrong += [f"{name}: {defect}" for defect in client.defects]
        [choir] = [entry["told"]["start"] for entry in self.of["events.ics"].kept.values() if entry["title"] == "Choir practice"]
        wrong += [f"events.ics: expected choir practice at {CHOIR}, but found {choir}"] if choir != CHOIR else []
        return wrong + self.pages(files, today) + self.slices(files)

    def pages(self, files, today):
        """The pages list what the calendar has, each event once, on its next day or, when it is over, on its last."""
        wrong = []
        for name in ("index.html", "embed.html"):
            listed = clients.rows(files[name].decode())
            for entry in self.of["events.ics"].kept.values():
                starts = entry["told"]["start"]
                coming = [start for start in starts if start[:10] >= today.isoformat()]
                expected = [(coming[0] if coming else starts[-1], entry["told"]["status"] == "cancelled")]
                found = listed.pop(entry["title"], [])
                wrong += [f"{name}: expected `{entry['title']}` at {expected}, but found {found}"] if found != expected else []
            wrong += [f"{name}: lists {listed}, which the calendar does not have"] if listed else []
        return wrong

    def slices(self, files):
        """A calendar of one source says of an event what the board's says."""
        entries = lambda name: set(re.findall(r"BEGIN:VEVENT\r\n.*?END:VEVENT", files[name].decode(), re.S))  # noqa: E731
        whole = entries("events.ics")
        names = [name for name in files if name.startswith("sources/") and name.endswith("/events.ics")]
        return [f"{name}: has entries that events.ics has not" for name in names if not entries(name) <= whole]


if __name__ == "__main__":
    main()
