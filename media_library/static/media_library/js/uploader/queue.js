/** All files on their way: a few at a time, the others wait their turn. Tells what changes as events. */

import { claim, forget, remembered } from './keeping.js';
import { ACTIVE, Item, PROBLEMS } from './item.js';
import { ask, post, renewToken } from './server.js';

const PARALLEL = 3;
/** Of the last seconds' speed in the estimate, as against the speed before. */
const WEIGHT = 0.15;

export class Queue extends EventTarget {
  items = [];
  speed = 0;

  constructor({ url, importUrl, foldersUrl, partBytes, user, kinds }) {
    super();
    Object.assign(this, { endpoint: url, importUrl, foldersUrl, partBytes: Number(partBytes), user, kinds });
    setInterval(() => this.measure(), 1000);
  }

  // Files come in

  /** Add files, given as `{ file, folder }`; `details` are for all, `target` is where they were dropped. */
  async add(found, { details = {}, folders = '', target = null } = {}) {
    const fresh = found.filter((one) => !this.goesOn(one.file));
    const collections = folders === 'collections' ? await this.makeFolders(fresh, details.collection) : {};
    const items = fresh.map(({ file, folder }) => {
      const own = { ...details };
      if (folders === 'tags' && folder) own.tags = [own.tags, ...folder.split('/').map(quoted)].filter(Boolean).join(', ');
      if (collections[folder]) own.collection = collections[folder];
      return new Item(this, { name: file.name, size: file.size, file, details: own, target });
    });
    this.items.push(...items);
    this.listChanged();
    for (const item of items) {
      item.release = await claim(item.id);
      await item.remember();
    }
    this.next();
    // One after the other: to copy a hundred files at once would leave the disk no time for sending them.
    for (const item of items) await item.keepFile();
    return items;
  }

  /** Whether this is a file that an unfinished upload is waiting for. */
  goesOn(file) {
    const item = this.items.find(
      (one) =>
        one.state === 'missing' &&
        one.size === file.size &&
        one.name === file.name &&
        (!one.modified || one.modified === file.lastModified),
    );
    if (!item) return false;
    item.file = file;
    item.become('waiting');
    item.remember().then(() => item.keepFile());
    this.next();
    return true;
  }

  async makeFolders(found, parent) {
    const folders = [...new Set(found.map((one) => one.folder).filter(Boolean))];
    if (!folders.length) return {};
    return (await post(this.foldersUrl, { parent, folders })).collections;
  }

  async import(url, details) {
    const upload = await post(this.importUrl, { url, ...details });
    const item = new Item(this, { name: upload.filename, size: 0, url: upload.url, details, isImport: true });
    this.items.push(item);
    this.listChanged();
    item.start();
  }

  /** Go on with what was not finished: here before a reload, or anywhere by this user. */
  async restore() {
    const [records, uploads] = await Promise.all([remembered(this.user), renewToken(this.endpoint).catch(() => null)]);
    const claimed = [];
    for (const record of records) {
      const release = await claim(record.id);
      if (release) claimed.push([record, release]);
    }
    claimed.forEach(([record, release]) => {
      const item = new Item(this, record);
      item.release = release;
      item.sent = uploads?.find((upload) => sameAddress(upload.url, record.url))?.offset ?? 0;
      if (!item.file) item.state = 'missing';
      this.items.push(item);
    });
    const addresses = records.map((record) => record.url).filter(Boolean);
    (uploads ?? [])
      .filter((upload) => !addresses.some((url) => sameAddress(url, upload.url)))
      .forEach((upload) => this.adopt(upload));
    if (this.items.length) this.listChanged();
    this.next();
  }

  /** An upload of this user's that this browser knows nothing of. */
  adopt(upload) {
    const { filename: name, size, url, details, offset: sent, isImport } = upload;
    const item = new Item(this, { name, size: size ?? 0, url, details, sent, isImport });
    this.items.push(item);
    if (isImport && upload.reason) {
      item.become('failed', upload.reason);
    } else if (isImport) {
      item.start();
    } else if (upload.state === 'received') {
      item.become('failed', upload.reason);
    } else {
      item.state = 'missing';
    }
  }

  // Turns

  next() {
    const busy = this.items.filter((item) => ACTIVE.has(item.state) && !item.isImport).length;
    this.items
      .filter((item) => item.state === 'waiting')
      .slice(0, Math.max(PARALLEL - busy, 0))
      .forEach((item) => item.start());
  }

  changed(item) {
    this.dispatchEvent(new CustomEvent('item', { detail: item }));
    if (!ACTIVE.has(item.state)) this.next();
  }

  listChanged() {
    this.dispatchEvent(new CustomEvent('list'));
  }

  arrived(item) {
    item.release?.();
    this.dispatchEvent(new CustomEvent('arrived', { detail: item }));
  }

  drop(item) {
    this.items = this.items.filter((one) => one !== item);
    this.listChanged();
    this.next();
  }

  // All of them

  async all(action) {
    const items = [...this.items];
    if (action === 'pause') {
      // Those that wait first, or they would take the place of the others.
      items.filter((item) => item.state === 'waiting').forEach((item) => item.pause());
      items.filter((item) => ACTIVE.has(item.state)).forEach((item) => item.pause());
    }
    if (action === 'resume') items.forEach((item) => item.resume());
    if (action === 'retry') {
      await renewToken(this.endpoint).catch(() => {});
      items.filter((item) => item.state === 'failed').forEach((item) => this.attempt(item, 'retry'));
    }
    if (action === 'clear') {
      this.items = items.filter((item) => item.state !== 'done' || item.hasUnsaved);
      this.listChanged();
    }
  }

  /** Do to one item what an editor asks for, and say at the item what is wrong with that. */
  async attempt(item, action) {
    try {
      if (action === 'retry') await renewToken(this.endpoint);
      await item[action]();
    } catch (error) {
      item.become(item.state, error.message);
    }
  }

  remove(item) {
    forget(item.id);
    item.release?.();
    if (item.url && item.state === 'refused') ask(item.url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }).catch(() => {});
    this.drop(item);
  }

  // Figures

  count() {
    const count = { total: this.items.length, done: 0, open: 0, problems: 0, active: 0, waiting: 0, paused: 0, failed: 0 };
    this.items.forEach((item) => {
      if (item.state === 'done') count.done += 1;
      else if (PROBLEMS.has(item.state)) count.problems += 1;
      else count.open += 1;
      if (ACTIVE.has(item.state)) count.active += 1;
      if (item.state in count && item.state !== 'done') count[item.state] += 1;
    });
    return count;
  }

  get bytes() {
    const counted = this.items.filter((item) => item.state !== 'missing' && item.state !== 'failed');
    return {
      total: counted.reduce((sum, item) => sum + (item.size || 1), 0),
      sent: counted.reduce((sum, item) => sum + item.share * (item.size || 1), 0),
    };
  }

  measure() {
    const { sent } = this.bytes;
    const isMoving = this.items.some((item) => item.state === 'uploading');
    const delta = Math.max(sent - (this.lastSent ?? sent), 0);
    this.speed = isMoving && this.speed ? this.speed * (1 - WEIGHT) + delta * WEIGHT : delta;
    this.lastSent = sent;
    if (isMoving) this.dispatchEvent(new CustomEvent('tick'));
  }

  /** Seconds until all is sent, or null while nobody can tell. */
  get remaining() {
    const { total, sent } = this.bytes;
    return this.speed > 0 ? (total - sent) / this.speed : null;
  }

  get wouldLose() {
    return this.items.some((item) => ACTIVE.has(item.state) && !item.isImport) || this.items.some((item) => item.hasUnsaved && item.url);
  }
}

/** A tag with a comma or a space in it, as the field for tags reads it. */
const quoted = (tag) => (/[\s,"]/.test(tag) ? `"${tag.replace(/"/g, '')}"` : tag);

const sameAddress = (one, other) =>
  Boolean(one && other) && new URL(one, document.baseURI).pathname === new URL(other, document.baseURI).pathname;
