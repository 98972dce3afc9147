// The reporter's own copies, on the device. A copy is written before anything is sent, and leaves only after the
// report is `stored`. IndexedDB; where a browser refuses it (private windows), localStorage.
//
// A copy: {report_id, owner, body, state, created_at, tries, next_try_at, trouble, phone, receipt_no, received_at,
//          incident_id, number, missing_labels, problem}; state: waiting → accepted → stored, or refused.

const NAME = "jibao";
const TABLE = "copies";
const KEY = "jibao.copies";
const KEEP_STORED = 20;

const store = await openStore();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("jibao.copies") : null;
const listeners = new Set();
channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

/** Call `listener` after every change, made here or in another tab. */
export function onChange(listener) {
  listeners.add(listener);
}

export async function save(copy) {
  await store.put(copy);
  tell();
}

export async function remove(reportId) {
  await store.remove(reportId);
  tell();
}

/** Save what became of a copy, unless the person has meanwhile taken it back. */
export async function update(copy) {
  const all = await store.all();
  if (all.some((one) => one.report_id === copy.report_id)) await save(copy);
}

/** All copies of one person, newest first. */
export async function copiesOf(owner) {
  const all = await store.all();
  return all.filter((copy) => copy.owner === owner).sort((a, b) => b.created_at - a.created_at);
}

/** How many unsent copies other people left on this device. */
export async function unsentOfOthers(owner) {
  const all = await store.all();
  return all.filter((copy) => copy.owner !== owner && copy.state !== "stored").length;
}

/** Stored ones are listed briefly: the newest 20 stay. */
export async function trim(owner) {
  const done = (await copiesOf(owner)).filter((copy) => copy.state === "stored");
  for (const copy of done.slice(KEEP_STORED)) await store.remove(copy.report_id);
}

function tell() {
  channel?.postMessage("changed");
  listeners.forEach((listener) => listener());
}

async function openStore() {
  try {
    return tableStore(await openDatabase());
  } catch {
    return textStore();
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "report_id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function tableStore(database) {
  // Resolves when the transaction has committed, not when the request succeeded: only then is the copy safe.
  const run = (mode, act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode, { durability: "strict" });
      const asked = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  return {
    put: (copy) => run("readwrite", (table) => table.put(copy)),
    remove: (id) => run("readwrite", (table) => table.delete(id)),
    all: () => run("readonly", (table) => table.getAll()),
  };
}

function textStore() {
  const read = () => JSON.parse(localStorage.getItem(KEY) ?? "{}");
  const write = (copies) => localStorage.setItem(KEY, JSON.stringify(copies));
  return {
    put: async (copy) => write({ ...read(), [copy.report_id]: copy }),
    remove: async (id) => {
      const { [id]: gone, ...rest } = read();
      write(rest);
    },
    all: async () => Object.values(read()),
  };
}
