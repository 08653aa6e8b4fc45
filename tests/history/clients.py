"""Those who subscribed: each keeps what it has seen and tells what a new copy changes for its person.

In: a published file, as text. Out: lines such as `+ Tide walk`, `~ Tide walk: start, place`, `x Tide walk` (now cancelled), `- Tide walk` (gone), sorted;
and under `defects` what no publisher may do to a subscriber. The calendar is read by icalendar and recurring-ical-events, Atom and RSS by feedparser,
the pages by Beautiful Soup.
"""
import collections
import datetime
import json
import re
import zoneinfo

import bs4
import feedparser
import icalendar
import recurring_ical_events

HELSINKI = zoneinfo.ZoneInfo("Europe/Helsinki")
FIRST, LAST = datetime.date(2027, 3, 1), datetime.date(2027, 7, 1)  # the days in which occurrences are looked at
WEIGHTY = ("title", "start", "place", "status")  # what SEQUENCE counts (RFC 5545 §3.8.7.4 and `moved`, which hangs on `start`)


class Subscriber:
    """Keeps entries by their id."""

    def __init__(self):
        self.kept, self.defects = {}, []

    def take(self, text):
        """The lines of what changed. Everything is new to one who has nothing yet."""
        self.defects = []
        new = self.read(text)
        lines = [f"+ {entry['title']}" for name, entry in new.items() if name not in self.kept]
        lines += [f"- {entry['title']}" for name, entry in self.kept.items() if name not in new]
        for name, entry in new.items():
            if name in self.kept:
                lines += self.changed(self.kept[name], entry)
        self.kept = new
        return sorted(lines)

    def defect(self, words):
        self.defects.append(f"{type(self).__name__}: {words}")

    def once(self, entries, same):
        """Keeps entries by id, and tells what a person would see twice."""
        kept = {}
        for name, entry in entries:
            if name in kept:
                self.defect(f"two entries have the id {name}: `{kept[name]['title']}` and `{entry['title']}`")
            kept[name] = entry
        seen = collections.Counter(same(entry) for entry in kept.values())
        for what in (what for what, times in seen.items() if times > 1):
            self.defect(f"seen {seen[what]} times: {what}")
        return kept


class Events(Subscriber):
    """What calendars and `events.json` have in common: an entry of the same id replaces, and its revision must tell that it does."""

    def changed(self, old, new):
        fields = [field for field in new["told"] if old["told"][field] != new["told"][field]]
        title, rises, moves = new["title"], new["sequence"] - old["sequence"], new["modified"] > old["modified"]
        weighty = [field for field in fields if field in WEIGHTY]
        if rises < 0 or new["modified"] < old["modified"]:
            self.defect(f"the revision of `{title}` goes back")
        if weighty and rises != 1:
            self.defect(f"{', '.join(weighty)} of `{title}` changed, and SEQUENCE rose by {rises}")
        if not weighty and rises:
            self.defect(f"SEQUENCE of `{title}` rose by {rises}, and only {fields or 'nothing'} changed")
        if bool(fields) != moves:
            self.defect(f"LAST-MODIFIED of `{title}` {'moved' if moves else 'stayed'}, and {', '.join(fields) or 'nothing'} changed")
        if new["told"]["status"] == "cancelled" != old["told"]["status"]:
            return [f"x {title}"]
        return [f"~ {title}: {', '.join(sorted(fields))}"] if fields else []


class Calendar(Events):
    """Subscribed to `events.ics`."""

    def read(self, text):
        calendar = icalendar.Calendar.from_ical(text)
        self.rules_of_zones(calendar)
        starts = collections.defaultdict(list)
        for occurrence in recurring_ical_events.of(calendar).between(FIRST, LAST):
            starts[str(occurrence["UID"])].append(_clock(occurrence["DTSTART"].dt))
        entries = [(str(event["UID"]), self.entry(event, starts)) for event in calendar.walk("VEVENT") if "RECURRENCE-ID" not in event]
        return self.once(entries, lambda entry: (entry["title"], tuple(entry["told"]["start"])))

    def rules_of_zones(self, calendar):
        """A VTIMEZONE says what the zone of that name does (RFC 5545 §3.6.5): the library looks zones up by name, other clients don't."""
        for zone in calendar.timezones:
            told, true = zone.to_tz(lookup_tzid=False), zoneinfo.ZoneInfo(zone.tz_name)
            noons = [datetime.datetime(2027, 3, 1, 12) + datetime.timedelta(days=day) for day in range((LAST - FIRST).days)]
            wrong = [noon for noon in noons if noon.replace(tzinfo=told).utcoffset() != noon.replace(tzinfo=true).utcoffset()]
            if wrong:
                self.defect(f"the clocks of {zone.tz_name} are wrong on {len(wrong)} days from {wrong[0]:%Y-%m-%d}")

    def entry(self, event, starts):
        if event.errors:
            self.defect(f"icalendar can't read {event.errors}")
        words = str(event.get("DESCRIPTION", ""))
        moved = re.match(r"Moved from (.*)\.(\n\n|$)", words)
        words = re.sub(r"^(Moved from .*|Cancelled|Postponed: .*)\.(\n\n|$)", "", words)
        words = re.sub(r"(^|\n\n)((Organised by|More|Register|Join online)\b.*\n?)+$", "", words)
        told = {
            "title": str(event["SUMMARY"]),
            "start": sorted(starts[str(event["UID"])]),
            "place": str(event.get("LOCATION", "")),
            "status": str(event["STATUS"]).lower(),
            "moved": datetime.datetime.strptime(moved[1].split(", ")[-1], "%d %B %Y").date().isoformat() if moved else "",
            "url": str(event.get("URL", "")),
            "text": " ".join(words.split()),
        }
        if event["DTSTAMP"].dt != event["LAST-MODIFIED"].dt:
            self.defect(f"DTSTAMP of `{told['title']}` is not its LAST-MODIFIED")
        return {"title": told["title"], "told": told, "sequence": int(event["SEQUENCE"]), "modified": event["LAST-MODIFIED"].dt}


class Data(Events):
    """Reads `events.json`."""

    def read(self, text):
        entries = [(event["id"], self.entry(event)) for event in json.loads(text)["events"]]
        return self.once(entries, lambda entry: (entry["title"], str(entry["told"]["start"])))

    def entry(self, event):
        when, place, status = event["when"], event.get("place", {}), event["status"]
        moved = status["moved"]["from"] if isinstance(status, dict) else ""
        told = {
            "title": event["title"],
            "start": (when, event.get("recurrence")),
            "place": (place.get("name"), place.get("address"), place.get("online")),
            "status": "confirmed" if moved or status == "scheduled" else status,
            "moved": moved,
            "url": event["links"].get("page", ""),
            "text": " ".join(bs4.BeautifulSoup(event.get("html", ""), "html.parser").get_text(" ").split()) or event.get("summary", ""),
        }
        revision = event["revision"]
        modified = datetime.datetime.fromisoformat(revision["last_changed"].replace("Z", "+00:00"))
        return {"title": event["title"], "told": told, "sequence": revision["sequence"], "modified": modified}


class Feed(Subscriber):
    """What readers of feeds have in common: an id never seen is unread, a moved `updated` marks an entry as updated.

    Another address alone is no update (RFC 4287 §4.2.15 leaves to the publisher what is; here it is the words).
    """

    def changed(self, old, new):
        content = [field for field in ("title", "text") if old[field] != new[field]]
        if new["updated"] is None:
            return [f"~ {new['title']}"] if content else []
        if content and new["updated"] <= old["updated"]:
            self.defect(f"{', '.join(content)} of `{new['title']}` changed, and `updated` did not move")
        if not content and new["updated"] != old["updated"]:
            self.defect(f"`updated` of `{new['title']}` moved, and nothing changed")
        if new["published"] != old["published"]:
            self.defect(f"`{new['title']}` was published anew")
        return [f"~ {new['title']}"] if new["updated"] > old["updated"] else []

    def entries(self, entries):
        return self.once(entries, lambda entry: (entry["title"], entry["url"]))


class Xml(Feed):
    """Subscribed to `feed.atom` or `feed.rss`."""

    def read(self, text):
        feed = feedparser.parse(text.encode(), sanitize_html=False)
        if feed.bozo:
            self.defect(f"feedparser can't read it: {feed.bozo_exception}")
        is_atom = feed.version.startswith("atom")
        return self.entries([(entry.id, self.entry(entry, is_atom)) for entry in feed.entries])

    def entry(self, entry, is_atom):
        text = entry.content[0].value if "content" in entry else entry.get("summary", "")
        return {
            "title": entry.title,
            "url": entry.get("link", ""),
            "text": text,
            "published": entry.get("published_parsed"),
            "updated": entry.updated_parsed if is_atom else None,
        }


class Atom(Xml):
    """Subscribed to `feed.atom`."""


class Rss(Xml):
    """Subscribed to `feed.rss`."""


class JsonFeed(Feed):
    """Subscribed to `feed.json`."""

    def read(self, text):
        return self.entries([(item["id"], self.entry(item)) for item in json.loads(text)["items"]])

    def entry(self, item):
        moment = datetime.datetime.fromisoformat
        return {
            "title": item["title"],
            "url": item.get("url", ""),
            "text": item.get("content_html", ""),
            "published": item.get("date_published"),
            "updated": moment(item["date_modified"].replace("Z", "+00:00")),
        }


def rows(text):
    """What a page lists: title → where its first row begins, and whether it is struck out."""
    page = bs4.BeautifulSoup(text, "html.parser")
    found = {}
    for row in page.select(".h-event"):
        start = row.select_one(".dt-start")["datetime"]
        day = datetime.date.fromisoformat(start) if len(start) == 10 else datetime.datetime.fromisoformat(start)
        found.setdefault(row.select_one(".p-name").get_text().strip(), []).append((_clock(day), "is-cancelled" in row["class"]))
    return found


def _clock(moment):
    """A day as it is, an hour on the clock of the bay and in UTC, so that the change of clocks shows."""
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    moment = moment.replace(tzinfo=moment.tzinfo or HELSINKI)
    return f"{moment.astimezone(HELSINKI):%Y-%m-%d %H:%M} = {moment.astimezone(datetime.timezone.utc):%d %H:%MZ}"
