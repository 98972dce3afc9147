// Asks the browser once not to throw away what lies on this device when space runs short, and says so where it refused.

const ASKED = "jibao.persist_asked";

/** True when the browser has promised to keep the copies. */
export async function promisedToKeep() {
  const storage = navigator.storage;
  if (!storage?.persisted) return false; // an old browser, or a plain HTTP address
  try {
    if (await storage.persisted()) return true;
    if (localStorage.getItem(ASKED)) return false;
    localStorage.setItem(ASKED, "1");
    return await storage.persist();
  } catch {
    return false;
  }
}
