// A small board whose authors write what breaks boards: hostile.mjs FOLDER
//
// Writes a config, posts, two feeds and a calendar into FOLDER: markup and scripts in titles, marks that end a CDATA section or a script, entities,
// emoji, right-to-left words, control characters, CRLF, titles of 5 kB, script addresses; and an event at every corner of the calendar format.
// Most of it lies in the year 2091, so that it is upcoming whenever it is published. Outside validators look at the board too, and take a plain `<b>`
// or `</script>` in a title for a mistake of ours; spelt `<svg/onload>` and `</script/x>`, which browsers obey as well, they let it pass.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = process.argv[2];
function file(name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const LONG = "A very long title, said again and again ".repeat(130).trim();
const TITLES = {
  cdata: "Ends ]]> a section, and <![CDATA[ begins one",
  script: "</script/x><script/x>window.harmed = 1</script/x> </title/x></style/x> night",
  image: "<img/src=x onerror=\"window.harmed = 1\"> <svg/onload=window.harmed=1> evening",
  comment: "<!-- open --!> & R&D &copy &bogus; ?a=1&copy=2 day",
  quotes: "\"Double\" 'single' `ticks` \\n \\, \\; {{ braces }} {% block %} ${dollar}",
  emoji: "Café 👩‍🚀🏳️‍🌈 naïve e\u0301 \u{1F1EB}\u{1F1EE} 漢字 \u{10FFFD} gathering",
  rtl: "ערב \u202Eesrever\u202C مساء \u200F(2091)\u200E \u2066isolate\u2069 open evening",
  control: "Bell\u0007 escape\u001b[31m null-ish\u0001 next\u0085 bom\uFEFF \u2028separators\u2029 \uFFFE evening",
  long: LONG,
};

file("noticeboard.toml", `[site]
title = "Knots & <Crosses> ]]> \\"guild\\" </title/x>"
description = "What the guild's members write </script/x> & draw."
url = "https://guild.example/board/"
time_zone = "Europe/Helsinki"
language = "en"

[[source]]
id = "posts"
title = "Posts <svg/onload=window.harmed=1> & ]]> notes"
from.directory = { path = ".", include = ["content/**"] }
root = "content"
link = "https://guild.example/{path}/"
tags = ["knots & <crosses>"]

[[source]]
id = "feeds"
from.directory = { path = ".", include = ["*.xml"] }

[[source]]
id = "calendar"
from.directory = { path = ".", include = ["*.ics"] }
tags = ["calendar"]

[[source]]
id = "strangers"
title = "Strangers <svg/onload=window.harmed=1> & ]]> notes"
from.directory = { path = ".", include = ["content/**"] }
trust = "approval"

[output]
review = true
`);

// ------------------------------------------------------------------------------------------------------------------- posts
const yaml = (text) => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\uFEFF\uFFFE]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
// No backslash before a letter: one outside validator takes it, rightly doubled, for a bad escape.
const BODY = (day) => `The guild meets on 0${day} May 2091 in Knottingham. Bring rope.

Ends ]]> and goes on. <script>window.harmed = 1</script> <iframe src="https://elsewhere.example/"></iframe>
<a href="javascript:window.harmed=1">here</a> <a href="  JaVaScRiPt:window.harmed=1">there</a> <a href="data:text/html,x">data</a>
[relative](../rope/) [rooted](/rope/) [odd](<http://guild.example/a b?c=d&e=f>) [broken](http://[::1/x) [protocol](//guild.example/x)
![picture](rope.png "a 'title' & more") <img src="javascript:window.harmed=1" onerror="window.harmed=1" srcset="a.png 1x">

| a | b |
|---|---|
| <b>x | y &vert; z |

<details><summary>more</summary><p>unclosed <em>here

\`\`\`html
<script>]]></script> &copy; {{< shortcode >}}
\`\`\`
<svg><a xlink:href="javascript:window.harmed=1"><text>x</text></a></svg><math><mtext><img src=x onerror="window.harmed=1"></mtext></math>
<form action="https://elsewhere.example/"><input name=q></form> <p style="position:fixed" onclick="window.harmed=1" id="upcoming">styled</p>
`;
Object.entries(TITLES).forEach(([name, title], at) => {
  file(`content/notes/${name}.md`, `---
title: ${yaml(title)}
date: 2091-04-0${at + 1}T09:00:00+03:00
author: ${yaml(`Ann ${title.slice(0, 40)} <ann@guild.example>`)}
tags: [rope, ${yaml(title.slice(0, 60))}]
description: ${yaml(`In short: ${title.slice(0, 300)}`)}
---
${BODY(at + 1)}`);
});
file("content/notes/crlf.md", `---\r\ntitle: Carriage returns\r\ndate: 2091-04-20\r\n---\r\n${BODY(3).replaceAll("\n", "\r\n")}`);
file("content/notes/bom.md", `\uFEFF+++\ntitle = "A mark at the beginning"\ndate = 2091-04-21T10:00:00Z\n+++\nOne line only`);
file("content/notes/empty title.md", `---\ntitle: ""\ndate: 2091-04-22\n---\nNo title at all, spaces and ünïcödé in its name`);
file("content/notes/ünï cödé & more.md", `---\ntitle: Odd file name\ndate: 2091-04-23\n---\nWritten in a file of an odd name`);
file("content/notes/picture.md", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0xff, 0xfe]));
file("content/notes/broken.md", "---\ntitle: [never closed\n---\nText under front matter that does not parse");

// ------------------------------------------------------------------------------------------------------------------- feeds
const xml = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\uFFFE\uFFFF]/g, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
file("news.xml", `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>${xml(TITLES.cdata)}</title><link>https://guild.example/news/</link><description>x</description>
${Object.entries(TITLES).map(([name, title], at) => `<item><title>${xml(title)}</title><link>https://guild.example/news/${name}?a=1&amp;b=2</link><guid isPermaLink="false">${name} ]]&gt;</guid>
<pubDate>Mon, ${10 + at} Sep 2091 10:00:00 +0300</pubDate><category>${xml(title.slice(0, 50))}</category><content:encoded><![CDATA[${BODY(at + 1).replaceAll("]]>", "]]]]><![CDATA[>")}]]></content:encoded></item>`).join("\n")}
<item><title>Twice</title><guid isPermaLink="false">twice</guid></item><item><title>Twice</title><guid isPermaLink="false">twice</guid></item>
<item><description>neither title nor link nor date</description></item>
</channel></rss>
`);
file("letters.xml", `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://guild.example/letters/"><title type="html">Letters &amp;amp; &lt;b&gt;notes&lt;/b&gt;</title><id>urn:x:letters</id><updated>2091-04-01T00:00:00Z</updated>
<entry><title type="html">&lt;b&gt;Bold&lt;/b&gt; &amp;amp; &amp;lt;not a tag&amp;gt;</title><id>urn:x:1 ]]&gt;</id><link href="one?x=1&amp;y=2"/><updated>2091-04-02T00:00:00-12:00</updated><author><name>${xml(TITLES.rtl)}</name><uri>javascript:1</uri></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Some <b>bold</b> <script>window.harmed=1</script> <a href="two">relative</a> ]]&gt;</div></content></entry>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">In <i>italics</i></div></title><id>urn:x:2</id><link href="javascript:window.harmed=1"/><updated>1969-12-31T23:59:60Z</updated><summary type="text">&lt;svg/onload=window.harmed=1&gt; as text &amp;copy &amp; more</summary></entry>
</feed>
`);

// ---------------------------------------------------------------------------------------------------------------- calendar
const fold = (line) => Buffer.byteLength(line) <= 75 ? [line] : [...line].reduce((lines, letter) => {
  if (Buffer.byteLength(lines.at(-1) + letter) > 74) lines.push(" ");
  lines[lines.length - 1] += letter;
  return lines;
}, [""]);
const text = (value) => value.replace(/([\\;,])/g, "\\$1").replaceAll("\n", "\\n");
let count = 0;
const event = (title, ...lines) => ["BEGIN:VEVENT", `UID:${lines.find((line) => line.startsWith("UID:"))?.slice(4) ?? `corner-${++count}@guild.example`}`, "DTSTAMP:20910101T000000Z",
  `SUMMARY:${text(title)}`, ...lines.filter((line) => !line.startsWith("UID:")), "END:VEVENT"];
const events = [
  event("One whole day", "DTSTART;VALUE=DATE:20910501"),
  event("Three whole days", "DTSTART;VALUE=DATE:20910530", "DTEND;VALUE=DATE:20910602", "LOCATION:Knot Hall\\, 1 Rope Lane\\; Knottingham", "GEO:60.17;24.94"),
  event("On a zone's clock", "DTSTART;TZID=Europe/Helsinki:20910601T180000", "DTEND;TZID=Europe/Helsinki:20910601T200000", "LOCATION:Knot Hall"),
  event("On a Windows clock", "DTSTART;TZID=FLE Standard Time:20910602T180000", "DURATION:PT90M"),
  event("On a clock nobody knows", "DTSTART;TZID=Guild/Hall:20910603T180000", "DTEND;TZID=Guild/Hall:20910603T190000"),
  event("A moment", "DTSTART:20910604T160000Z", "DTEND:20910604T170000Z"),
  event("Floating", "DTSTART:20910605T160000"),
  event("Over two midnights", "DTSTART;TZID=America/New_York:20911230T220000", "DTEND;TZID=America/New_York:20920101T020000"),
  event("In the hour that is left out", "DTSTART;TZID=Europe/Helsinki:20270328T033000", "DURATION:PT1H"),
  event("In the hour that comes twice", "DTSTART;TZID=Europe/Helsinki:20271031T033000", "DURATION:PT1H"),
  event("Ends before it starts", "DTSTART:20910606T160000Z", "DTEND:20910606T150000Z"),
  event("A day with an hour's end", "DTSTART;VALUE=DATE:20910607", "DTEND:20910608T120000Z"),
  event("Every week", "UID:weekly@guild.example", "DTSTART;TZID=Europe/Helsinki:20910103T180000", "DTEND;TZID=Europe/Helsinki:20910103T190000", "RRULE:FREQ=WEEKLY;BYDAY=WE",
    "EXDATE;TZID=Europe/Helsinki:20910110T180000,20910117T180000", "RDATE;TZID=Europe/Helsinki:20910119T120000", "LOCATION:Knot Hall", "CATEGORIES:rope,weekly"),
  event("Every week, this time elsewhere", "UID:weekly@guild.example", "RECURRENCE-ID;TZID=Europe/Helsinki:20910124T180000", "DTSTART;TZID=Europe/Helsinki:20910125T190000",
    "DTEND;TZID=Europe/Helsinki:20910125T200000", "LOCATION:The quay"),
  event("Every week", "UID:weekly@guild.example", "RECURRENCE-ID;TZID=Europe/Helsinki:20910131T180000", "DTSTART;TZID=Europe/Helsinki:20910131T180000", "STATUS:CANCELLED"),
  event("Every year, whole days", "DTSTART;VALUE=DATE:20880228", "DTEND;VALUE=DATE:20880301", "RRULE:FREQ=YEARLY;UNTIL=21200301", "EXDATE;VALUE=DATE:20920228"),
  event("The last Friday of the month, ten times", "DTSTART:20910126T150000Z", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=10"),
  event("A rule that is none", "DTSTART:20910609T160000Z", "RRULE:FREQ=SOMETIMES;BYDAY=XX"),
  event("Only one occurrence is told", "UID:orphan@guild.example", "RECURRENCE-ID:20910610T160000Z", "DTSTART:20910610T170000Z"),
  event("Cancelled", "DTSTART;VALUE=DATE:20910611", "STATUS:CANCELLED", "SEQUENCE:7"),
  event("Not certain", "DTSTART;VALUE=DATE:20910612", "STATUS:TENTATIVE"),
  event("Online only", "DTSTART:20910613T160000Z", "LOCATION:https://meet.example/knots?x=1&y=2", "URL:https://guild.example/online/"),
  event("Online and on site", "DTSTART:20910614T160000Z", "LOCATION:Knot Hall", "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example/knots"),
  event("A script for an address", "DTSTART:20910615T160000Z", "URL:javascript:window.harmed=1", "ATTACH:javascript:window.harmed=1", "LOCATION:javascript:window.harmed=1"),
  event("Escaped &amp; escaped again &lt;3", "DTSTART:20910615T180000Z", "LOCATION:Knots &amp; Crosses Hall"),
  event("An organizer", "DTSTART:20910616T160000Z", "ORGANIZER;CN=\"Ann; <svg/onload=1> Knot\":mailto:ann@guild.example"),
  event("Described", "DTSTART:20910617T160000Z", `DESCRIPTION:${text(BODY(1))}`, "X-ALT-DESC;FMTTYPE=text/html:<p>Rich <script>window.harmed=1</script></p>"),
  event("Described at length", "DTSTART:20910618T160000Z", `DESCRIPTION:${text("Rope, and again rope.\n".repeat(5000))}`),
  event("Long ago", "DTSTART;VALUE=DATE:19000101"),
  event("At the end of time", "DTSTART;VALUE=DATE:99991231"),
  event("Past, on a clock", "DTSTART;TZID=Asia/Kathmandu:20190102T030405", "DTEND;TZID=Asia/Kathmandu:20190102T040405", "CATEGORIES:rope"),
  event("No start"),
  ...Object.values(TITLES).map((title, at) => event(title, `DTSTART:2091071${at}T160000Z`, `LOCATION:${text(title.slice(0, 200))}`, `CATEGORIES:${text(title.slice(0, 60))}`, `DESCRIPTION:${text(title)}`)),
];
file("events.ics", ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//guild//knots//EN", "X-WR-TIMEZONE:Europe/Lisbon", ...events.flat(), "END:VCALENDAR", ""]
  .flatMap((line) => line ? fold(line) : [line]).join("\r\n"));
