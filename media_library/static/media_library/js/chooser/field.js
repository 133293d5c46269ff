/** The chosen asset in a form: shows picture and status of whatever Wagtail's chooser was last given, and takes files. */

import { filesOf, holdsFiles, upload, useExisting } from './upload.js';

const { Controller } = window.StimulusModule;

export class MediaChoiceController extends Controller {
  static targets = ['picture', 'pictureTemplate', 'status', 'statusTemplate', 'warning', 'upload', 'message', 'progress'];
  static values = { url: String, sending: String, reconnecting: String, several: String };

  connect() {
    this.show();
  }

  get widget() {
    return this.element.querySelector('.chooser')?.widget;
  }

  show() {
    const { widget } = this;
    // On forms of models, Wagtail makes it later than us: what the server has rendered stays.
    if (!widget) return;
    const chosen = widget.getState();
    // Rendered by the server, which knew as much.
    if (chosen && chosen.status === undefined) return;
    this.pictureTarget.replaceChildren();
    this.statusTarget.replaceChildren();
    this.warningTarget.textContent = chosen?.size_warning ?? '';
    this.uploadTarget.hidden = true;
    if (!chosen) return;
    this.pictureTarget.append(this.makePicture(chosen));
    this.statusTarget.append(this.makeStatus(chosen));
  }

  makePicture(chosen) {
    const template = this.pictureTemplateTargets.find((one) => one.dataset.kind === chosen.kind);
    const picture = (template ?? this.pictureTemplateTarget).content.cloneNode(true).firstElementChild;
    picture.dataset.assetPosterIdValue = chosen.id;
    if (chosen.poster) {
      const image = new Image();
      image.alt = '';
      image.src = chosen.poster;
      picture.replaceChildren(image);
    }
    return picture;
  }

  makeStatus(chosen) {
    const status = this.statusTemplateTarget.content.cloneNode(true).firstElementChild;
    status.dataset.assetStatusIdValue = chosen.id;
    status.dataset.assetStatusStatusValue = chosen.status;
    status.querySelector('[data-asset-status]').dataset.assetStatus = chosen.status;
    status.querySelector('[data-asset-status-target="title"]').textContent = chosen.title;
    status.querySelector('[data-asset-status-target="label"]').textContent = chosen.status_label;
    return status;
  }

  hover(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.element.classList.add('media-choice--hovered');
  }

  leave(event) {
    if (!this.element.contains(event.relatedTarget)) this.element.classList.remove('media-choice--hovered');
  }

  drop(event) {
    this.element.classList.remove('media-choice--hovered');
    const files = filesOf(event.dataTransfer);
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (files.length > 1) this.tell(this.severalValue, true);
    else this.send(files[0]);
  }

  async send(file) {
    this.tell('');
    this.progressTarget.hidden = false;
    try {
      const onProgress = (share) => {
        const message = share === null ? this.reconnectingValue : this.sendingValue;
        this.messageTarget.textContent = message.replace('%s', file.name);
        if (share !== null) this.progressTarget.value = share;
      };
      const { chosen, duplicate } = await upload(file, { endpoint: this.urlValue, onProgress });
      // One of the same file is enough, and it is chosen even if the new one can't be taken back.
      if (duplicate) await useExisting(duplicate).catch(() => {});
      this.uploadTarget.hidden = true;
      // The form may have been taken away meanwhile.
      this.widget?.setStateFromModalData(duplicate?.chosen ?? chosen);
      if (duplicate) this.tell(duplicate.message);
    } catch (error) {
      this.tell(error.message, true);
    }
  }

  tell(message, isError = false) {
    this.progressTarget.hidden = true;
    this.progressTarget.value = 0;
    this.messageTarget.textContent = message;
    this.uploadTarget.classList.toggle('media-choice__upload--failed', isError);
    this.uploadTarget.hidden = false;
  }
}
