// Where the copies lie on the device: IndexedDB, and localStorage where that does not open. A browser may drop the
// connection at any time (Safari does in the background), so each act opens it again when it is lost, and what was
// known stays in memory meanwhile. Only what cannot be kept anywhere is an error.

const NAME = "jibao";
const TABLE = "copies";
const KEY = "jibao.copies";
const OPEN_MS = 4000;
const ACT_MS = 8000;

let opening = null;
let known = new Map();
let reason = null;

/** Why the copies that lie in IndexedDB cannot be read now; null when they can. */
export function storeTrouble() {
  return reason;
}

/** Every copy that can be read now, and those that this page has known before. */
export async function all() {
  try {
    const rows = await run("readonly", (table) => table.getAll());
    known = new Map(rows.map((copy) => [copy.report_id, copy]));
    reason = null;
  } catch (error) {
    reason = String(error?.message ?? error);
  }
  return [...new Map([...known, ...Object.entries(texts())]).values()];
}

/** Resolves when the copy is safe on the device; throws when it can be kept nowhere. */
export async function put(copy) {
  try {
    await run("readwrite", (table) => table.put(copy));
    dropText(copy.report_id);
  } catch (error) {
    reason = String(error?.message ?? error);
    localStorage.setItem(KEY, JSON.stringify({ ...texts(), [copy.report_id]: copy }));
  }
  known.set(copy.report_id, copy);
}

export async function remove(reportId) {
  await run("readwrite", (table) => table.delete(reportId)).catch((error) => {
    reason = String(error?.message ?? error);
    if (known.has(reportId) && !(reportId in texts())) throw error;
  });
  dropText(reportId);
  known.delete(reportId);
}

// Twice: the first act after a lost connection finds it lost, the second has a new one.
async function run(mode, act) {
  try {
    return await once(mode, act);
  } catch {
    forget();
    return once(mode, act);
  }
}

async function once(mode, act) {
  opening ??= within(OPEN_MS, open());
  const database = await opening;
  return within(ACT_MS, transact(database, mode, act));
}

// Resolves when the transaction has committed, not when the request succeeded: only then is the copy safe.
function transact(database, mode, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(TABLE, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(TABLE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
}

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "report_id" });
    asked.onsuccess = () => {
      asked.result.onclose = forget;
      asked.result.onversionchange = forget;
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
}

function forget() {
  const old = opening;
  opening = null;
  old?.then((database) => database.close(), () => {});
}

// An opening that never answers is a lost one.
function within(ms, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the device's storage does not answer")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function texts() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function dropText(reportId) {
  const { [reportId]: gone, ...rest } = texts();
  if (gone) localStorage.setItem(KEY, JSON.stringify(rest));
}
