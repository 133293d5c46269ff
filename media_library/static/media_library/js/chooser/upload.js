/** Sends one file to the chooser's own address, by the uploader's means, and tells what a form shows of it. */

import { ask, finish } from '../uploader/server.js';
import { learn, say } from '../uploader/texts.js';
import { Transfer } from '../uploader/transfer.js';

const script = document.querySelector('script[data-chooser-tus]');

/** Its bytes, as often as it takes. Resolves to the address of the upload. */
const send = (file, { endpoint, collection, partBytes, onProgress }) =>
  new Promise((resolve, reject) => {
    let address;
    const fail = (message) => reject(new Error(message));
    const transfer = new Transfer(
      {
        file,
        endpoint,
        partBytes,
        metadata: () => ({ filename: file.name, ...(collection ? { collection } : {}) }),
      },
      {
        url: (url) => {
          address = url;
        },
        progress: (sent) => onProgress?.(file.size ? sent / file.size : 0),
        reconnecting: () => onProgress?.(null),
        done: () => resolve(address),
        gone: fail,
        missing: fail,
        failed: fail,
        refused: fail,
      },
    );
    transfer.start();
  });

/**
 * @param {File} file
 * @param {{endpoint: string, collection?: string, onProgress?: (share: number | null) => void}} options
 *   `onProgress` is given null while there is no connection
 * @returns {Promise<object>} what ChooserUploadView answers; rejects with a sentence for the editor
 */
export const upload = async (file, options) => {
  await import(script.dataset.chooserTus);
  learn(document.querySelector('#uploader-messages') ?? { textContent: script.dataset.messages });
  const address = await send(file, { partBytes: Number(script.dataset.partBytes), ...options });
  let answer = await ask(address);
  if (answer.state === 'receiving' || answer.state === 'received') {
    await finish(address, file.size);
    answer = await ask(address);
  }
  if (!answer.chosen) throw new Error(answer.reason || say('failed'));
  return answer;
};

/** Take back what was sent, since the library has the same file already. */
export const useExisting = ({ use_existing_url: url }) => ask(url, { method: 'POST', body: '{}' });

/** The files of a drop or a paste; none for text and links. */
export const filesOf = (transfer) => [...(transfer?.files ?? [])];

/** Whether something that is dragged over an element are files. */
export const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
