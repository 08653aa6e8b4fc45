// Two tiny servers on this machine: one for a published folder, one for a page of somebody else's.
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".ics": "text/calendar", ".atom": "application/atom+xml",
  ".rss": "application/rss+xml", ".inc": "text/html; charset=utf-8" };

function listen(handle) {
  return new Promise((resolve) => {
    const server = createServer(handle);
    server.listen(0, "127.0.0.1", () => {
      const origin = `http://127.0.0.1:${server.address().port}`;
      resolve({ origin, at: (path) => new URL(path, `${origin}/`).href, close: () => { server.closeAllConnections(); server.close(); } });
    });
  });
}

/**
 * Serves a folder to every origin. `change(path, body)` may rewrite a page;
 * `answer(path)` may give another answer: `{ status }`, `{ body }` or `{ hangUp }`.
 */
export function serve(folder, { change = (_, body) => body, answer = () => undefined } = {}) {
  return listen((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const other = answer(path);
    if (other?.hangUp) return request.socket.destroy();
    response.setHeader("access-control-allow-origin", "*");
    try {
      if (other?.status) throw new Error("as the test wants it");
      const file = join(folder, path);
      const found = statSync(file).isDirectory() ? join(file, "index.html") : file;
      const type = TYPES[extname(found)] ?? "application/octet-stream";
      const body = other?.body ?? (type.startsWith("text/html") ? change(path, readFileSync(found, "utf8")) : readFileSync(found));
      response.setHeader("content-type", type);
      response.end(body);
    } catch {
      response.statusCode = other?.status ?? 404;
      response.end();
    }
  });
}

/** Serves one page at every address. */
export function elsewhere(html) {
  return listen((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html);
  });
}
