#!/usr/bin/env python3
"""Makes scores.toml: how much each piece of evidence weighs for a date being the event's.

    make.py EVIDENCE.jsonl POSTS.jsonl... [--without COMMUNITY] [--output FILE]

EVIDENCE.jsonl is what `noticeboard inspect evidence POSTS.jsonl...` prints: the dates of every post, each with its days and its
evidence. POSTS.jsonl are labelled posts (`id`, `community`, and `gold` with `is_event`, `start`, `end`). A post is about one of
its dates or about none; the weights are those that make the labels most likely,

    P(date) = exp(sum of its weights) / (1 + sum over all dates of the same),

less a penalty for weights far from the expected ones, so that what was seen in few posts changes little of what anyone would
expect. How sure the sums are is then set by the communities themselves, each judged by weights made without it. Deterministic: full-batch Newton-like steps
from what was expected, no random numbers, weights rounded to two decimals. Needs Python 3.11 and nothing else.
"""
import argparse
import collections
import datetime as dt
import json
import math
import sys

PENALTY = 0.7       # of the square of every weight's distance from what was expected
STEPS = 400

# What anyone would expect before having seen a post; evidence that is not here is expected to say nothing.
EXPECTED = {
    "any": -2.0, "in-title": 0.8, "in-heading": 0.2, "in-first-blocks": 0.4, "in-late-blocks": -0.5,
    "first-date-of-text": 0.3, "bold": 0.3, "under-deadlines": -0.8, "under-past": -0.8, "day-of-programme": -1.0,
    "label-when": 1.2, "label-deadline": -1.5, "label-other-date": -1.5, "event-verb-before": 0.4,
    "event-noun-before": 0.4, "past-before": 0.5, "back-and-told-as-past": 0.3, "event-verb-and-noun": 0.3,
    "invitation-around": 0.2, "ahead-around": 0.3, "deadline-right-before": -0.8, "deadline-before": -1.0,
    "deadline-after": -0.3, "published-right-before": -1.2, "released-right-before": -2.0,
    "history-right-before": -1.0, "past-edition-around": -0.8, "next-edition-around": -0.8, "another-before": -0.6, "of-greater-event": -2.5,
    "after-right-before": -1.0, "disturbance-around": -2.0, "ends-right-before": -0.2, "moved-here": 1.5,
    "venue-around": 0.2, "place-beside": 0.5, "range": 0.3, "relative-day": -0.3, "relative-weekday": 0.2,
    "bare-weekday": -0.5, "relative-behind-date": -1.0, "in-code": -1.0, "under-heading-like-title": 1.0,
    "in-title-and-ahead": 0.8, "relative-day-but-timed": 0.8, "day-of-publication-but-timed": 0.5,
    "weekday-agrees": 0.5, "weekday-clashes": -0.3, "hours": 0.5, "hours-from-to": 0.3, "zone": 0.3,
    "order-unknown": -0.2, "span-over-30-days": -0.8, "span-up-to-10-days": 0.2, "ahead-1-3-days": 0.3,
    "ahead-4-30-days": 0.5, "ahead-31-120-days": 0.4, "ahead-121-330-days": 0.2, "ahead-over-330-days": -0.5,
    "back-over-400-days": -0.8, "back-and-not-told-as-past": -0.7, "inside-another-range": -0.8,
    "earliest-ahead": 0.4, "start-and-end": 0.5, "span-of-programme": 0.2, "title-names-event": 1.0,
    "title-is-of-no-event": -1.0, "title-has-version": -1.2, "title-is-of-disturbance": -2.0,
    "title-counts-editions": 0.4, "one-invitation": 0.4, "two-invitations": 0.4, "four-invitations": 0.3,
    "opening-says-released": -0.4, "text-has-label-when": 0.3, "text-has-label-where": 0.4, "text-links-tickets": 0.5,
    "text-says-on-site": 0.2, "text-has-much-code": -0.5, "no-noun-verb-or-label": -0.5, "strong-and-ahead": 0.3,
}

# Evidence that speaks for an event, however weakly: what looks otherwise is a habit of the communities at hand.
NEVER_AGAINST = {
    "event-verb-near", "event-verb-after", "event-noun-near", "event-noun-after", "on-right-before", "starts-right-before",
    "title-says-event-verb", "opening-names-event", "opening-says-event-verb", "opening-looks-ahead", "text-has-hours",
    "text-has-programme", "venue-around", "online-around", "place-right-behind", "registration-around", "linked",
    "title-is-dated", "year-of-title", "only-date-of-text", "label-time", "under-when", "same-span-as-programme",
}
FARTHEST = 1.3      # no weight lies farther from what was expected


def bounds(name):
    """The least and the greatest that a weight may be."""
    expected = EXPECTED.get(name, 0.0)
    farthest = FARTHEST if name != "any" else math.inf
    least, most = expected - farthest, expected + farthest
    if expected > 0 or name in NEVER_AGAINST:
        least = max(least, 0.0)
    if expected < 0:
        most = min(most, 0.0)
    return least, most


def days(event):
    """Start and end day of a labelled event, as ISO dates; an evening that ends after midnight is one day."""
    start, end = str(event["start"]), str(event.get("end") or event["start"])
    first, last = start[:10], end[:10]
    if "T" in end and end[11:16] <= "04:00" and dt.date.fromisoformat(last) == dt.date.fromisoformat(first) + dt.timedelta(days=1):
        last = first
    return first, last


def targets(gold):
    return {days(dict(gold, **also)) for also in [{}] + gold.get("also_ok", [])} if gold["is_event"] else set()


def load(evidence_file, post_files, without):
    """One entry a post: the rows of its dates (lists of feature numbers), which of them are right, its weight."""
    gold = {}
    for name in post_files:
        for line in open(name, encoding="utf-8"):
            post = json.loads(line)
            if "gold" in post and post["community"] not in without:
                gold[post["id"]] = post
    names, posts = {name: at for at, name in enumerate(EXPECTED)}, []     # what no post shows is as expected
    for line in open(evidence_file, encoding="utf-8"):
        record = json.loads(line)
        post = gold.get(record["id"])
        if post is None:
            continue
        wanted = targets(post["gold"])
        rows, right = [], []
        for candidate in record["candidates"]:
            rows.append(sorted({names.setdefault(name, len(names)) for name in candidate["evidence"]}))
            right.append((candidate["first"], candidate["last"]) in wanted)
        if wanted and not any(right):
            continue            # nothing to learn from a date that was not seen
        posts.append((post["community"], rows, right, bool(wanted)))
    return list(names), posts


def balance(posts):
    """A community with many posts of one kind counts no more than its square root says."""
    size = collections.Counter(post[0] for post in posts)
    mean = sum(math.sqrt(n) for n in size.values()) / len(posts)
    return [1 / math.sqrt(size[post[0]]) / mean for post in posts]


def train(names, posts, weights_of_posts, penalty=PENALTY):
    """Adam on the whole set: plain, deterministic, and good enough for some hundred weights."""
    count = len(names)
    expected = [EXPECTED.get(name, 0.0) for name in names]
    limits = [bounds(name) for name in names]
    weight, first, second = list(expected), [0.0] * count, [0.0] * count
    total = sum(weights_of_posts)
    for step in range(1, STEPS + 1):
        gradient = [2 * penalty * (w - e) / total for w, e in zip(weight, expected)]
        for (_, rows, right, is_event), share in zip(posts, weights_of_posts):
            sums = [sum(weight[f] for f in row) for row in rows]
            top = max([0.0] + sums)
            parts = [math.exp(s - top) for s in sums]
            none = math.exp(-top)
            everything = none + sum(parts)
            rightly = sum(p for p, r in zip(parts, right) if r)
            for row, part, is_right in zip(rows, parts, right):
                slope = part / everything
                if is_event and is_right:
                    slope -= part / rightly
                slope *= share / total
                if abs(slope) > 1e-9:
                    for f in row:
                        gradient[f] += slope
        rate = 0.08 if step < STEPS * 0.7 else 0.02
        for f, g in enumerate(gradient):
            first[f] = 0.9 * first[f] + 0.1 * g
            second[f] = 0.995 * second[f] + 0.005 * g * g
            weight[f] -= rate * (first[f] / (1 - 0.9 ** step)) / (math.sqrt(second[f] / (1 - 0.995 ** step)) + 1e-8)
            weight[f] = min(max(weight[f], limits[f][0]), limits[f][1])
    return weight


def likelihood(weights, scale, shift, any_date, rows, right, is_event):
    """How likely the label of one post is under weights that were scaled and shifted."""
    sums = [scale * (sum(weights[f] for f in row) + shift * (any_date in row)) for row in rows]
    top = max([0.0] + sums)
    parts = [math.exp(s - top) for s in sums]
    none = math.exp(-top)
    wanted = sum(p for p, r in zip(parts, right) if r) if is_event else none
    return max(wanted / (none + sum(parts)), 1e-4)


def sharpen(names, posts, penalty):
    """How much to scale and shift all weights so that they are as sure as they may be on communities they were not made from."""
    folds = []
    for community in sorted({post[0] for post in posts}):
        rest = [post for post in posts if post[0] != community]
        if rest:
            weights = train(names, rest, balance(rest), penalty)
            folds += [(weights, post) for post in posts if post[0] == community]
    any_date = names.index("any")
    shares = balance([post for _, post in folds])
    best = (-math.inf, 1.0, 0.0)
    for scale in [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8]:
        for shift in [-0.2, 0.0, 0.2, 0.4, 0.6]:
            told = sum(share * math.log(likelihood(weights, scale, shift, any_date, *post[1:])) for share, (weights, post) in zip(shares, folds))
            best = max(best, (round(told, 6), scale, shift))
    return best[1], best[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("evidence")
    parser.add_argument("posts", nargs="+")
    parser.add_argument("--without", action="append", default=[], help="leave this community out")
    parser.add_argument("--penalty", type=float, default=PENALTY, help="for experiments")
    parser.add_argument("--output", default="/dev/stdout")
    arguments = parser.parse_args()
    names, posts = load(arguments.evidence, arguments.posts, arguments.without)
    weights = train(names, posts, balance(posts), arguments.penalty)
    scale, shift = sharpen(names, posts, arguments.penalty)
    print(f"scaled by {scale} and shifted by {shift}, as the left-out communities ask", file=sys.stderr)
    weights = [scale * (weight + shift * (name == "any")) for weight, name in zip(weights, names)]
    with open(arguments.output, "w", encoding="utf-8") as out:
        out.write("# How much each piece of evidence weighs for a date being the event's. Made by make.py; do not edit.\n")
        for name, weight in sorted(zip(names, weights)):
            out.write(f"{name} = {round(weight, 2) + 0.0}\n")


if __name__ == "__main__":
    main()
