"""Where an invented community writes: a calendar, a blog, an RSS feed, a JSON Feed and a page, as files and as an origin on this machine.

In: what the script says of them. Out: their documents, written anew before each run. What any real program churns (DTSTAMP, lastBuildDate, the
order of entries) changes with every day, so that nothing may hang on it.
"""
import dataclasses
import datetime
import email.utils
import html
import http.server
import json
import pathlib
import threading

ZONE = "Europe/Helsinki"


@dataclasses.dataclass
class Event:
    """What the calendar or the page says of an event. `start` is a day, or an hour on the clock of ZONE."""

    title: str
    start: str
    hours: int = 2
    place: str = ""
    text: str = ""
    url: str = ""
    status: str = ""
    rule: str = ""
    uid: str = ""
    sequence: int | None = None


@dataclasses.dataclass
class Entry:
    """A post of the blog or an entry of a feed. `published` is a day."""

    title: str
    published: str
    text: str
    url: str = ""
    guid: str = ""


class World:
    """The sources and the board's config, in a folder."""

    def __init__(self, folder, origin):
        self.folder, self.origin = pathlib.Path(folder), origin
        self.town, self.blog, self.news, self.club, self.hall = {}, {}, {}, {}, {}
        self.town_file = "town.ics"
        self.news_title, self.news_path = "The Tern Bay News", "/news.xml"
        self.origin.up = True

    def write(self, now):
        """Writes all sources as they are on that day."""
        for file in [*self.folder.glob("town/**/*.ics"), *self.folder.glob("blog/**/*.md")]:
            file.unlink()
        self._file("noticeboard.toml", self._config())
        self._file(f"town/{self.town_file}", self._calendar(now))
        for name, post in self.blog.items():
            self._file(f"blog/{name}.md", f"---\ntitle: {post.title}\ndate: {post.published}\n---\n\n{post.text}\n")
        self._file("club/feed.json", self._json_feed())
        self.origin.files = {self.news_path: ("application/rss+xml", self._rss(now)), "/hall.html": ("text/html", self._page())}

    def _file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def _config(self):
        address = self.origin.address
        return f"""
[site]
title = "Around Tern Bay"
url = "https://board.ternbay.example/"
time_zone = "{ZONE}"
language = "en"

[[source]]
id = "town"
title = "The town"
from.directory = {{ path = "town" }}
priority = 1

[[source]]
id = "blog"
title = "The boat house"
from.directory = {{ path = "blog" }}
link = "https://boathouse.ternbay.example/{{slug}}/"

[[source]]
id = "news"
title = "{self.news_title}"
from.http = {{ url = "{address}{self.news_path}", allow_private = true }}

[[source]]
id = "club"
title = "The glider club"
from.directory = {{ path = "club", include = ["feed.json"] }}

[[source]]
id = "hall"
title = "The net hall"
from.http = {{ url = "{address}/hall.html", allow_private = true, follow = [] }}

[output]
directory = "public"

[store]
sqlite = "state/board.db"
"""

    def _calendar(self, now):
        events = list(self.town.items())
        if now.day % 2:
            events.reverse()
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tern Bay//Town//EN"]
        for key, event in events:
            lines += ["BEGIN:VEVENT", f"UID:{event.uid or key + '@town.ternbay.example'}", f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}"]
            lines += [*_moment("DTSTART", event.start, 0), *_moment("DTEND", event.start, event.hours)]
            lines += [f"SUMMARY:{event.title}"]
            for name, value in [("LOCATION", event.place), ("DESCRIPTION", event.text), ("STATUS", event.status), ("RRULE", event.rule)]:
                lines += [f"{name}:{value}"] if value else []
            lines += [f"URL:{event.url}"] if event.url else []
            lines += [f"SEQUENCE:{event.sequence}"] if event.sequence is not None else []
            lines += ["END:VEVENT"]
        return "\r\n".join([*lines, "END:VCALENDAR", ""])

    def _rss(self, now):
        items = "".join(
            f"<item><title>{html.escape(item.title)}</title><guid isPermaLink=\"false\">{item.guid or key}</guid><link>{item.url}</link>"
            f"<pubDate>{email.utils.format_datetime(_noon(item.published))}</pubDate><description>{html.escape(item.text)}</description></item>"
            for key, item in self.news.items()
        )
        built = email.utils.format_datetime(now)
        head = "<title>News</title><link>https://news.ternbay.example/</link><description>News</description>"
        return f"<rss version=\"2.0\"><channel>{head}<lastBuildDate>{built}</lastBuildDate>{items}</channel></rss>"

    def _json_feed(self):
        items = [
            {"id": item.guid or key, "url": item.url, "title": item.title, "content_html": item.text, "date_published": _noon(item.published).isoformat()}
            for key, item in self.club.items()
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Gliders", "items": items}, indent=1)

    def _page(self):
        nodes = []
        for event in self.hall.values():
            node = {"@context": "https://schema.org", "@type": "Event", "name": event.title, "startDate": event.start, "url": event.url}
            node |= {"location": {"@type": "Place", "name": event.place}} if event.place else {}
            node |= {"description": event.text} if event.text else {}
            node |= {"eventStatus": f"https://schema.org/{event.status}"} if event.status else {}
            nodes.append(f"<script type=\"application/ld+json\">{json.dumps(node)}</script>")
        return f"<!doctype html><html lang=\"en\"><head><title>The net hall</title>{''.join(nodes)}</head><body><h1>The net hall</h1></body></html>"


class Origin:
    """A server on this machine, with the files that it is given; while it is down it answers 503."""

    def __init__(self):
        self.files, self.up = {}, True
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802, the name is http.server's
                media_type, text = origin.files.get(self.path, ("text/plain", None))
                self.send_response(503 if not origin.up else 404 if text is None else 200)
                body = text.encode() if origin.up and text is not None else b"not now"
                self.send_header("Content-Type", media_type if origin.up else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


def _moment(name, start, hours):
    """DTSTART or DTEND of an event that begins on that day or at that hour."""
    if len(start) == 10:
        day = datetime.date.fromisoformat(start) + datetime.timedelta(days=1 if hours else 0)
        return [f"{name};VALUE=DATE:{day:%Y%m%d}"]
    moment = datetime.datetime.fromisoformat(start) + datetime.timedelta(hours=hours)
    return [f"{name};TZID={ZONE}:{moment:%Y%m%dT%H%M%S}"]


def _noon(day):
    return datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
