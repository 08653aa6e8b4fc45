#!/usr/bin/env python3
"""Makes scores.toml: how much each piece of evidence weighs for a date being the event's.

    make.py EVIDENCE.jsonl POSTS.jsonl... [--without COMMUNITY] [--output FILE]

EVIDENCE.jsonl is what `noticeboard inspect evidence POSTS.jsonl...` prints: the dates of every post, each with its days and its
evidence. POSTS.jsonl are labelled posts (`id`, `community`, and `gold` with `is_event`, `start`, `end`). A post is about one of
its dates or about none; the weights are those that make the labels most likely,

    P(date) = exp(sum of its weights) / (1 + sum over all dates of the same),

less a penalty for large weights, so that what was seen in few posts says little. Deterministic: full-batch Newton-like steps
from zero, no random numbers, weights rounded to two decimals. Needs Python 3.11 and nothing else.
"""
import argparse
import collections
import datetime as dt
import json
import math

PENALTY = 0.9       # of the square of every weight; large enough that leaving a community out changes little
STEPS = 400


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
    names, posts = {}, []
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


def train(count, posts, weights_of_posts):
    """Adam on the whole set: plain, deterministic, and good enough for some hundred weights."""
    weight, first, second = [0.0] * count, [0.0] * count, [0.0] * count
    total = sum(weights_of_posts)
    for step in range(1, STEPS + 1):
        gradient = [2 * PENALTY * w / total for w in weight]
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
    return weight


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("evidence")
    parser.add_argument("posts", nargs="+")
    parser.add_argument("--without", action="append", default=[], help="leave this community out")
    parser.add_argument("--output", default="/dev/stdout")
    arguments = parser.parse_args()
    names, posts = load(arguments.evidence, arguments.posts, arguments.without)
    weights = train(len(names), posts, balance(posts))
    with open(arguments.output, "w", encoding="utf-8") as out:
        out.write("# How much each piece of evidence weighs for a date being the event's. Made by make.py; do not edit.\n")
        for name, weight in sorted(zip(names, weights)):
            out.write(f"{name} = {round(weight, 2) + 0.0}\n")


if __name__ == "__main__":
    main()
