/**
 * What is remembered of unfinished uploads, so that they go on after a reload: their files, too, where they fit.
 *
 * In IndexedDB, which holds files and is shared by all tabs of this browser. Where there is none (a private window, a
 * full disk), everything works but this.
 */

const NAME = 'darkroom-uploads';
/** What is known of each upload changes with every key; its file, which may be large, is written once. */
const UPLOADS = 'uploads';
const FILES = 'files';
/** Bytes. A larger file is asked for again, rather than copied. */
const LARGEST = 500 * 1000 ** 2;
/** Of the space that the browser gives us, this much is taken at most. */
const SHARE = 0.5;

let opening = null;

const open = () => {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      [UPLOADS, FILES].forEach((name) => request.result.createObjectStore(name, { keyPath: 'id' }));
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
};

/** Let `act` do something with both stores in one transaction; resolves to the result of the request it returns. */
const run = async (mode, act) => {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([UPLOADS, FILES], mode);
    const request = act(transaction.objectStore(UPLOADS), transaction.objectStore(FILES));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
};

/** The same, or `otherwise` where nothing can be kept: better an upload that can't be resumed than none. */
const attempt = async (mode, act, otherwise) => {
  try {
    return await run(mode, act);
  } catch {
    return otherwise;
  }
};

const fits = async (size) => {
  if (size > LARGEST) return false;
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return usage + size < quota * SHARE;
};

/** Remember an upload, given as plain data. */
export const keep = (record) => attempt('readwrite', (uploads) => uploads.put(record));

/** Keep the file of an upload, too, if there is room for it. */
export const keepFile = async (id, file) => {
  if (await fits(file.size)) await attempt('readwrite', (uploads, files) => files.put({ id, file }));
};

/** Change what is remembered of an upload, if anything is. */
export const amend = (id, changes) =>
  attempt('readwrite', (uploads) => {
    const request = uploads.get(id);
    request.onsuccess = () => {
      if (request.result) uploads.put({ ...request.result, ...changes });
    };
  });

export const forget = (id) =>
  attempt('readwrite', (uploads, files) => {
    uploads.delete(id);
    return files.delete(id);
  });

export const remembersAny = async () => (await attempt('readonly', (uploads) => uploads.count(), 0)) > 0;

/** What is remembered of this user's uploads, in the order in which they were added, with their files. */
export const remembered = async (user) => {
  const records = await attempt('readonly', (uploads) => uploads.getAll(), []);
  const kept = await attempt('readonly', (uploads, files) => files.getAll(), []);
  const fileOf = new Map(kept.map(({ id, file }) => [id, file]));
  return records
    .filter((record) => record.user === user)
    .sort((one, other) => one.added - other.added)
    .map((record) => ({ ...record, file: fileOf.get(record.id) ?? null }));
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
