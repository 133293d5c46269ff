/**
 * What is remembered of unfinished uploads, so that they go on after a reload: their files, too, where they fit.
 *
 * In IndexedDB, which holds files and is shared by all tabs of this browser. Where there is none (a private window, a
 * full disk), everything works but this.
 */

const NAME = 'darkroom-uploads';
const STORE = 'uploads';
/** Bytes. A larger file is asked for again, rather than copied. */
const LARGEST = 500 * 1000 ** 2;
/** Of the space that the browser gives us, this much is taken at most. */
const SHARE = 0.5;

let opening = null;

const open = () => {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
};

const run = async (mode, act) => {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
};

const fits = async (size) => {
  if (size > LARGEST) return false;
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return usage + size < quota * SHARE;
};

/** Remember an upload, given as plain data; with its file if there is room for it. */
export const keep = async (record, file) => {
  try {
    const kept = file && (await fits(file.size)) ? file : null;
    await run('readwrite', (store) => store.put({ ...record, file: kept }));
  } catch {
    // Better an upload that can't be resumed than none.
  }
};

/** Change what is remembered of an upload, if anything is. */
export const amend = async (id, changes) => {
  try {
    const record = await run('readonly', (store) => store.get(id));
    if (record) await run('readwrite', (store) => store.put({ ...record, ...changes }));
  } catch {
    // As above.
  }
};

export const forget = async (id) => {
  try {
    await run('readwrite', (store) => store.delete(id));
  } catch {
    // As above.
  }
};

export const remembersAny = async () => {
  try {
    return (await run('readonly', (store) => store.count())) > 0;
  } catch {
    return false;
  }
};

export const remembered = async (user) => {
  try {
    const records = await run('readonly', (store) => store.getAll());
    return records.filter((record) => record.user === user).sort((one, other) => one.added - other.added);
  } catch {
    return [];
  }
};

/**
 * Say whether this tab is the one that works at an upload, until it is closed or lets go (by calling what is
 * resolved to). Resolves to null where another tab does.
 */
export const claim = (id) =>
  new Promise((resolve) => {
    if (!navigator.locks) {
      resolve(() => {});
      return;
    }
    navigator.locks.request(`${NAME}-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return null;
      }
      return new Promise((release) => {
        resolve(release);
      });
    });
  });
