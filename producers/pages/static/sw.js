// Keeps the reporter's page openable without a network. Answers of the HTTP interface are never kept here:
// the page itself keeps the few it needs offline (shared/session.js), and forgets them on sign-out.
// VERSION, SHELL and PAGE_HEADERS stand above this line; the door writes them.

const STORE = `jibao-${VERSION}`;
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldVersions().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/report" || (url.pathname === "/" && request.mode === "navigate")) {
    event.respondWith(page(request, url));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(request));
  }
});

async function keepShell() {
  const store = await caches.open(STORE);
  const answer = (await shownPage()) ?? (await fetch("/report").catch(() => null));
  const language = answer ? /data-lang="(\w+)"/.exec(await answer.clone().text())?.[1] : null;
  await store.addAll(SHELL.filter((path) => !path.includes("/texts/") || !language || path.endsWith(`.${language}.json`)));
  await keepPage(store, answer);
}

// The page that asked for this worker has left its own HTML (report/offline.js); that of another version would miss its
// files without a network.
async function shownPage() {
  const shown = await (await caches.open("jibao-shown")).match(`/report?${VERSION}`);
  await caches.delete("jibao-shown");
  return shown ? new Response(await shown.text(), { headers: PAGE_HEADERS }) : null;
}

// A redirect to the sign-in page is not the page; keeping it would lock a signed-in person out while offline.
async function keepPage(store, answer) {
  if (answer && answer.ok && !answer.redirected) await store.put("/report", answer.clone());
}

async function forgetOldVersions() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name)));
}

async function page(request, url) {
  const store = await caches.open(STORE);
  try {
    const answer = await within(PATIENCE_MS, fetch(request));
    if (url.pathname === "/report") await keepPage(store, answer);
    return answer.status >= 500 ? ((await store.match("/report")) ?? answer) : answer;
  } catch (error) {
    const kept = await store.match("/report");
    if (kept) return kept;
    throw error;
  }
}

// The version stands in the path, so a kept file can never be an old one.
async function file(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && SHELL.includes(new URL(request.url).pathname)) await store.put(request, answer.clone());
  return answer;
}

function within(ms, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("timed out")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
