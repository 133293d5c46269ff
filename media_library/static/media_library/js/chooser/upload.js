/** Sends one file to the chooser's own address, which takes it in and answers what a form shows of it. */

/**
 * @param {File} file
 * @param {string} url
 * @param {{collection?: string, onProgress?: (share: number) => void}} options
 * @returns {Promise<object>} what ChooserUploadView answers; rejects with a sentence for the editor
 */
export const upload = (file, url, { collection, onProgress } = {}) =>
  new Promise((resolve, reject) => {
    const body = new FormData();
    body.set('files[]', file);
    body.set('title', file.name.replace(/\.[^.]*$/, ''));
    if (collection) body.set('collection', collection);
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.responseType = 'json';
    request.setRequestHeader('X-CSRFToken', window.wagtailConfig.CSRF_TOKEN);
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const answer = request.response;
      if (request.status === 200 && answer?.chosen) resolve(answer);
      else reject(new Error(answer?.message ?? ''));
    });
    request.addEventListener('error', () => reject(new Error('')));
    request.send(body);
  });

/** The files of a drop or a paste; none for text and links. */
export const filesOf = (transfer) => [...(transfer?.files ?? [])];

/** Whether something that is dragged over an element are files. */
export const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
