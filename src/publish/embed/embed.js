// <noticeboard-events tag="…" source="…" limit="10" past="0">what to show until, and unless, the list arrives</noticeboard-events>
//
// The list is read from the embed.html beside this file. Everything from it is set as text; addresses only if http or https.
const BESIDE = new URL("embed.html", import.meta.url);
const STYLE = `
:where(noticeboard-events) ol { list-style: none; margin: 0; padding: 0; }
:where(noticeboard-events) li { padding: .75em 0; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
:where(noticeboard-events) li:first-child { border-top: 0; }
:where(noticeboard-events) p { margin: .15em 0 0; }
:where(noticeboard-events) .title { font-weight: 600; }
:where(noticeboard-events) .when { font-variant-numeric: tabular-nums; }
:where(noticeboard-events) [data-status=cancelled] .title, :where(noticeboard-events) [data-status=postponed] .title { text-decoration: line-through; }
:where(noticeboard-events) .status { font-weight: 600; color: #a3241b; }
@media (prefers-color-scheme: dark) { :where(noticeboard-events) .status { color: color-mix(in srgb, #ff9b8f 70%, currentColor); } }
`;
let board;

/** The page with all events, fetched once however many lists a page has. */
const load = () => (board ??= fetch(BESIDE).then((answer) => {
  if (!answer.ok) throw new Error(`${BESIDE}: ${answer.status}`);
  return answer.text();
}).then((text) => new DOMParser().parseFromString(text, "text/html")));

const words = (item, selector) => item.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

function web(href) {
  try {
    const url = new URL(href, BESIDE);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A day is over when the reader's own calendar has left it, a time when it has passed. */
function over(item, now) {
  const end = item.dataset.over ?? "";
  const pad = (number) => String(number).padStart(2, "0");
  const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  return end.length === 10 ? end < today : Date.parse(end) < now.getTime();
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  return made;
}

function line(className, ...parts) {
  const made = element("p", "", { class: className });
  made.append(...parts.filter(Boolean));
  return made;
}

/** Words and <time>s, without whatever else is around them. */
function copyTimes(from, to) {
  for (const node of from?.childNodes ?? []) {
    const machine = node.nodeName === "TIME" ? node.getAttribute("datetime") : null;
    if (!machine && node.firstElementChild) copyTimes(node, to);
    else {
      const text = node.textContent.replace(/\s+/g, " ");
      to.append(machine ? element("time", text, { datetime: machine }) : text);
    }
  }
}

function listed(item) {
  const made = document.createElement("li");
  const status = /\bis-([a-z]+)/.exec(item.className)?.[1];
  if (status && status !== "scheduled") made.dataset.status = status;
  const href = web(item.querySelector("a.u-url")?.getAttribute("href") ?? "");
  const linked = item.querySelector("a.u-url") && href;
  const language = item.querySelector(".name")?.getAttribute("lang");
  const name = words(item, ".p-name");
  made.append(line("title", linked ? element("a", name, { href, lang: language }) : element("span", name, { lang: language })));
  if (item.querySelector(".status")) made.append(line("status", words(item, ".status")));
  const when = line("when");
  copyTimes(item.querySelector(".when"), when);
  made.append(when);
  const place = words(item, ".p-location");
  const online = web(item.querySelector("a.online")?.getAttribute("href") ?? "");
  const join = online && item.querySelector("a.online") ? element("a", "Join online", { href: online, "aria-label": `Join online: ${name}` }) : null;
  if (place || join) made.append(line("where", place, place && join ? " · " : "", join));
  return made;
}

class NoticeboardEvents extends HTMLElement {
  static observedAttributes = ["tag", "source", "limit", "past"];

  connectedCallback() {
    if (!document.getElementById("noticeboard-events-style")) {
      document.head.prepend(element("style", STYLE, { id: "noticeboard-events-style" }));
    }
    this.show();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.show();
  }

  wanted(item) {
    const tag = this.getAttribute("tag");
    const source = this.getAttribute("source");
    const tags = [...item.querySelectorAll(".p-category")].map((mark) => mark.textContent);
    return (!tag || tags.some((one) => same(one, tag))) && (!source || (item.dataset.sources ?? "").split(" ").includes(source.trim()));
  }

  number(name, otherwise) {
    const value = Number.parseInt(this.getAttribute(name) ?? "", 10);
    return value >= 0 ? value : otherwise;
  }

  async show() {
    try {
      const page = await load();
      const now = new Date();
      const all = [...page.querySelectorAll("#upcoming > .h-event")].filter((item) => this.wanted(item));
      const before = [...page.querySelectorAll("#past > .h-event")].filter((item) => this.wanted(item));
      const upcoming = all.filter((item) => !over(item, now)).slice(0, this.number("limit", 10));
      const past = [...all.filter((item) => over(item, now)).reverse(), ...before].slice(0, this.number("past", 0));
      if (!page.getElementById("upcoming")) return;
      const list = element("ol", "", { class: "upcoming" });
      list.append(...upcoming.map(listed));
      const parts = upcoming.length ? [list] : [element("p", "No upcoming events are announced.", { class: "none" })];
      if (past.length) {
        const earlier = element("ol", "", { class: "past", "aria-label": "Past events" });
        earlier.append(...past.map(listed));
        parts.push(earlier);
      }
      const href = web(page.querySelector("link[rel=canonical]")?.getAttribute("href") ?? "");
      if (href) parts.push(line("all", element("a", "All events", { href })));
      this.replaceChildren(...parts);
    } catch (problem) {
      console.warn("noticeboard-events:", problem);
    }
  }
}

if (!customElements.get("noticeboard-events")) customElements.define("noticeboard-events", NoticeboardEvents);
