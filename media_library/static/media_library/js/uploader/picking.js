/** From what was dropped, pasted or chosen to a list of `{ file, folder }`; a folder is "Regatta/Day 1", or empty. */

import { say } from './texts.js';

/** What systems put beside the files of a folder. */
const IGNORED = /^(\.DS_Store|\.localized|Thumbs\.db|desktop\.ini|\._.*)$/i;

export const holdsFiles = (transfer) => Boolean(transfer && [...transfer.types].includes('Files'));

const readAll = async (directory) => {
  const reader = directory.createReader();
  const entries = [];
  for (;;) {
    // Chrome gives a hundred at a time.
    const some = await new Promise((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (!some.length) return entries;
    entries.push(...some);
  }
};

const walk = async (entry, folder) => {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return IGNORED.test(file.name) ? [] : [{ file, folder }];
  }
  const inside = folder ? `${folder}/${entry.name}` : entry.name;
  const found = [];
  for (const child of await readAll(entry)) found.push(...(await walk(child, inside)));
  return found;
};

/** Files and whole folders of a drop. Must be called in its event: afterwards, the browser gives nothing away. */
export const dropped = (transfer) => {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => [item.webkitGetAsEntry?.(), item.getAsFile()]);
  return (async () => {
    const found = [];
    for (const [entry, file] of entries) {
      if (entry) found.push(...(await walk(entry, '')));
      else if (file) found.push({ file, folder: '' });
    }
    return found;
  })();
};

const moment = () => new Date().toLocaleString('sv').replace(/:/g, '.');

/** A picture from the clipboard has no name worth keeping. */
export const pasted = (files) =>
  files.map((file) => {
    const ending = file.name.split('.').pop();
    const name = /^image\.\w+$/.test(file.name) ? `${say('pastedName', { moment: moment() })}.${ending}` : file.name;
    return { file: new File([file], name, { type: file.type, lastModified: file.lastModified }), folder: '' };
  });

/** Files of an `<input type="file">`, with `webkitdirectory` or without. */
export const chosen = (input) =>
  [...input.files]
    .filter((file) => !IGNORED.test(file.name))
    .map((file) => ({ file, folder: (file.webkitRelativePath || '').split('/').slice(0, -1).join('/') }));
