// The published pages and the embed, in a real browser: check.mjs DEMO HOSTILE, the folders of two published boards.
//
// One line a check; exit code 1 when one fails. $NOTICEBOARD_TEST_NODE is the folder with playwright-core and axe-core, $CHROMIUM the browser.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { elsewhere, serve } from "./server.mjs";

const require = createRequire(join(process.env.NOTICEBOARD_TEST_NODE ?? process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [demo, hostile] = process.argv.slice(2);

let failed = 0;
async function check(what, look) {
  let found;
  try {
    found = await look();
  } catch (error) {
    found = error.message.split("\n")[0];
  }
  const bad = found !== undefined && found !== true;
  failed += bad;
  console.log(bad ? `FAIL  ${what}: ${typeof found === "string" ? found : JSON.stringify(found)}` : `ok    ${what}`);
}
/** What differs from what was expected, or nothing. */
const expect = (found, expected) => JSON.stringify(found) === JSON.stringify(expected) || `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;

// Playwright gives it an empty profile of its own.
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

/** A page in a context of its own; whatever it asks of another server than ours is refused and remembered. */
async function open(address, { origins = [new URL(address).origin], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, ...options });
  const page = await context.newPage();
  page.strangers = [];
  page.harm = [];
  page.on("pageerror", (error) => page.harm.push(error.message));
  page.on("dialog", (dialog) => { page.harm.push("a dialog"); dialog.dismiss(); });
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (origins.includes(url.origin) || url.protocol === "data:") return route.continue();
    page.strangers.push(url.href);
    return route.abort();
  });
  await page.goto(address, { waitUntil: "load" });
  page.end = () => context.close();
  return page;
}
async function on(address, options, look) {
  const page = await open(address, options);
  try {
    return await look(page);
  } finally {
    await page.end();
  }
}

// ---------------------------------------------------------------------------------------------------------------- the pages
const slices = (board) => ["tags", "sources"].flatMap((kind) => {
  const first = readdirSync(join(board, kind)).sort()[0];
  return first ? [`${kind}/${first}/index.html`] : [];
});
const boards = { demo: await serve(demo), hostile: await serve(hostile) };
const pages = Object.entries(boards).flatMap(([name, board]) =>
  ["index.html", ...slices(name === "demo" ? demo : hostile), "health.html", "embed.html", ...(name === "hostile" ? ["review.html"] : [])].map((path) => [`${name}/${path}`, board.at(path)]));

await check("demo: upcoming and past events are there without scripts", () => on(boards.demo.at("index.html"), { javaScriptEnabled: false }, async (page) => {
  const counts = [await page.locator("#upcoming .h-event").count(), await page.locator(".past .h-event").count()];
  const shown = await page.locator("#upcoming .h-event .p-name").first().isVisible();
  return (counts.every((count) => count > 0) && shown) || `upcoming and past: ${counts}, visible: ${shown}`;
}));
await check("demo: each event says when, in words and for machines", () => on(boards.demo.at("index.html"), {}, async (page) => {
  const empty = await page.$$eval(".h-event", (items) => items.filter((item) => !item.querySelector("time.dt-start[datetime]")?.textContent.trim()).length);
  return expect(empty, 0);
}));

for (const [name, address] of pages) {
  await check(`${name}: nothing is asked of others, nothing fails, nothing is harmed`, () => on(address, {}, async (page) =>
    expect([page.strangers, page.harm, await page.evaluate(() => window.harmed ?? null)], [[], [], null])));
  for (const width of [320, 1024]) {
    await check(`${name}: no sideways scrolling at ${width} px`, () => on(address, { viewport: { width, height: 640 } }, async (page) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      return wide <= width || `${wide} px wide`;
    }));
  }
  for (const colorScheme of ["light", "dark"]) {
    await check(`${name}: accessible in ${colorScheme} colours`, () => on(address, { colorScheme, bypassCSP: true }, async (page) => {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      return violations.length === 0 || violations.map((one) => `${one.id} at ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`).join("; ");
    }));
  }
  await check(`${name}: dark is darker than light`, async () => {
    const paper = (colorScheme) => on(address, { colorScheme }, (page) => page.evaluate(() => {
      const shade = (value) => value.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
      const style = getComputedStyle(document.body);
      return [shade(style.backgroundColor), shade(style.color)];
    }));
    const [light, dark] = [await paper("light"), await paper("dark")];
    return (dark[0] < light[0] && dark[1] > light[1]) || `paper and ink: ${light} in light, ${dark} in dark`;
  });
  await check(`${name}: every link is reached by the keyboard, in order and visibly`, () => on(address, {}, (page) => tabbed(page)));
}

/** Presses Tab until every link that is shown has had the focus. */
async function tabbed(page) {
  const wanted = await page.$$eval("a[href], summary, [tabindex='0']", (all) =>
    all.filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).map((one, at) => (one.dataset.at = at)).length);
  const reached = [];
  for (let press = 0; press < wanted; press++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      return { at: Number(one.dataset.at ?? -1), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, what: one.outerHTML.slice(0, 80) };
    });
    if (!focus.ring) return `no focus ring on ${focus.what}`;
    reached.push(focus.at);
  }
  return expect(reached, [...Array(wanted).keys()]);
}

await check("demo/index.html: the first Tab shows the skip link, Enter leads to the events", () => on(boards.demo.at("index.html"), {}, async (page) => {
  await page.keyboard.press("Tab");
  const box = await page.locator(":focus").boundingBox();
  const inside = box && box.x >= 0 && box.y >= 0;
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const within = await page.evaluate(() => Boolean(document.activeElement.closest("#upcoming")));
  return (inside && within && new URL(page.url()).hash === "#upcoming") || `visible: ${inside}, leads there: ${within}`;
}));
await check("demo: every link to a file of the board leads to one", () => on(boards.demo.at("index.html"), {}, async (page) => {
  const canonical = new URL(await page.getAttribute("link[rel=canonical]", "href"));
  const hrefs = await page.$$eval("a[href], link[href]", (all) => all.map((one) => one.getAttribute("href")));
  const ours = hrefs.map((href) => new URL(href, canonical)).filter((url) => url.origin === canonical.origin && url.protocol.startsWith("http"));
  const missing = [];
  for (const url of ours) {
    const answer = await fetch(boards.demo.at(url.pathname.slice(canonical.pathname.length)));
    if (!answer.ok) missing.push(url.pathname);
  }
  return ours.length > 5 && missing.length === 0 || `${ours.length} links, missing: ${missing}`;
}));

// ---------------------------------------------------------------------------------------------------------------- the embed
const FALLBACK = "<a class='fallback' href='/calendar'>Our calendar</a>";
const widget = (board, attributes = "", script = board.at("embed.js")) =>
  `<!doctype html><html lang="en"><title>Foreign</title><h1>Elsewhere</h1><script type="module" src="${script}"></script><noticeboard-events ${attributes}>${FALLBACK}</noticeboard-events>`;

/** Shows an embed on a page of another origin, once it has settled, and looks at it. */
async function embedded(board, attributes, look, options = {}) {
  const foreign = await elsewhere(widget(board, attributes));
  try {
    return await on(foreign.at("/"), { origins: [foreign.origin, board.origin], ...options }, async (page) => {
      await page.waitForLoadState("networkidle");
      return look(page);
    });
  } finally {
    foreign.close();
  }
}
const titles = (page) => page.$$eval("noticeboard-events ol.upcoming .title", (all) => all.map((one) => one.textContent));
const kept = async (page) => expect([await page.locator("noticeboard-events .fallback").count(), await page.locator("noticeboard-events li").count()], [1, 0]);

// What the embed has to choose from, by tag.
const known = await on(boards.hostile.at("embed.html"), {}, (page) => page.$$eval("#upcoming > .h-event", (items) =>
  items.map((item) => ({ title: item.querySelector(".p-name").textContent, tags: [...item.querySelectorAll(".p-category")].map((tag) => tag.textContent) }))));
const tidy = (title) => title.replace(/\s+/g, " ").trim();

await check("embed: the list appears on a page of another origin, asking nobody else", () => embedded(boards.demo, "", async (page) => {
  const found = await titles(page);
  return (found.length > 0 && page.strangers.length + page.harm.length === 0 && await page.locator(".fallback").count() === 0) || `${found.length} events, asked ${page.strangers}, ${page.harm}`;
}));
await check("embed: the events of the board, in its order, no more than ten", () => embedded(boards.hostile, "", async (page) =>
  expect((await titles(page)).map(tidy), known.slice(0, 10).map((one) => tidy(one.title)))));
await check("embed: `limit` limits", () => embedded(boards.hostile, "limit=2", async (page) => expect((await titles(page)).length, 2)));
await check("embed: a `limit` that is no number is as none", () => embedded(boards.hostile, "limit='many'", async (page) => expect((await titles(page)).length, 10)));
await check("embed: `tag` chooses, whatever its case", () => embedded(boards.hostile, "tag='Weekly' limit='50'", async (page) => {
  const wanted = known.filter((one) => one.tags.includes("weekly")).map((one) => tidy(one.title));
  const found = (await titles(page)).map(tidy);
  return wanted.length > 0 && wanted.length < known.length ? expect(found, wanted) : `the board has ${wanted.length} of ${known.length} events with the tag`;
}));
await check("embed: a tag that nothing carries says so", () => embedded(boards.hostile, "tag='nothing at all'", async (page) =>
  expect([await titles(page), await page.locator("noticeboard-events .none").count()], [[], 1])));
await check("embed: a changed `limit` is followed", () => embedded(boards.hostile, "limit=2", async (page) => {
  await page.$eval("noticeboard-events", (one) => one.setAttribute("limit", "5"));
  await page.waitForFunction(() => document.querySelectorAll("noticeboard-events ol.upcoming > li").length === 5, null, { timeout: 3000 });
}));
await check("embed: hostile titles do no harm", () => embedded(boards.hostile, "limit=100 past=50", async (page) => {
  await page.waitForTimeout(300);
  const active = await page.$$eval("noticeboard-events *", (all) => all.filter((one) =>
    !["OL", "LI", "P", "A", "SPAN", "TIME"].includes(one.tagName) || one.getAttributeNames().some((name) => name.startsWith("on")) || /^(?!https?:)/.test(one.href ?? "http:")).map((one) => one.outerHTML.slice(0, 90)));
  const shown = (await titles(page)).length;
  return expect([active, page.harm, page.strangers, await page.evaluate(() => window.harmed ?? null), shown > 20], [[], [], [], null, true]);
}));
await check("embed: accessible in light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const found = await embedded(boards.demo, "", async (page) => {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run("noticeboard-events"));
      return violations.map((one) => one.id);
    }, { colorScheme });
    if (found.length) return `${colorScheme}: ${found}`;
  }
});

// A board that has been broken into, or stands behind a broken server.
const POISON = `<li class="h-event" data-over="2999-01-01" data-sources="x"><div class="about"><h2 class="name" lang='"><img src=x onerror=window.harmed=1>'>
<a class="p-name u-url" href="javascript:window.harmed=1">Poison <img src="https://elsewhere.example/x" onerror="window.harmed=1"></a></h2>
<p class="when"><time class="dt-start" datetime="&quot; onclick=&quot;window.harmed=1">then</time><script>window.harmed=1</script></p><svg onload="window.harmed=1"></svg></div></li>`;
await check("embed: a poisoned list does no harm", async () => {
  const board = await serve(demo, { change: (path, body) => path.endsWith("embed.html") ? body.replace(/(<ol[^>]*id="upcoming"[^>]*>)/, `$1${POISON}`) : body });
  const found = await embedded(board, "", async (page) => {
    await page.waitForTimeout(300);
    const links = await page.$$eval("noticeboard-events a", (all) => all.map((one) => one.href).filter((href) => !/^https?:/.test(href)));
    const there = (await titles(page)).some((title) => title.includes("Poison"));
    return expect([there, links, await page.locator("noticeboard-events img, noticeboard-events svg, noticeboard-events script").count(), page.strangers, await page.evaluate(() => window.harmed ?? null)],
      [true, [], 0, [], null]);
  });
  board.close();
  return found;
});
for (const [how, answer] of [["answers 500", { status: 500 }], ["is not there", { status: 404 }], ["answers something else", { body: "{\"not\": \"a page\"}" }], ["hangs up", { hangUp: true }]]) {
  await check(`embed: what stood there before stays when the list ${how}`, async () => {
    const board = await serve(demo, { answer: (path) => path.endsWith("embed.html") ? answer : undefined });
    const found = await embedded(board, "", kept);
    board.close();
    return found;
  });
}
await check("embed: what stood there before stays when the board is offline", async () => {
  const board = await serve(demo);
  board.close();
  return embedded(board, "", kept);
});
await check("embed: what stood there before stays without scripts", () => embedded(boards.demo, "", kept, { javaScriptEnabled: false }));

await browser.close();
Object.values(boards).forEach((board) => board.close());
console.log(failed ? `${failed} checks failed` : "all checks passed");
process.exit(failed ? 1 : 0);
