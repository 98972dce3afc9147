// The page opens without a network: the service worker keeps it. The page hands over what it was itself loaded from, so
// that a thin line need not carry it a second time.

const SHOWN = "jibao-shown";

/** `asServed`: this page's HTML before any script changed it. */
export async function keepForOffline(asServed) {
  const version = /^\/static\/(\w+)\//.exec(new URL(import.meta.url).pathname)?.[1] ?? "";
  if (!(await navigator.serviceWorker.getRegistration())) {
    const store = await caches.open(SHOWN);
    await store.put(`/report?${version}`, new Response(`<!doctype html>\n${asServed}`));
  }
  await navigator.serviceWorker.register("/sw.js");
}
