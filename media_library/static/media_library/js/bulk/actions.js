/** The selection bar of the library, and the dialog in which an action is prepared, runs, and says what came of it. */

const { Controller } = window.StimulusModule;

const MESSAGE_SECONDS = 10;

class BulkActionsController extends Controller {
  static targets = ['selection', 'count', 'everything', 'actions', 'message'];
  static values = { failed: String };

  selection = { ids: [], all: false, query: '', count: 0 };

  select({ detail }) {
    this.selection = detail;
    if (detail.count) this.say('');
    this.element.hidden = !detail.count && !this.messageTarget.textContent;
    this.actionsTarget.hidden = !detail.count;
    this.selectionTarget.hidden = !detail.count;
    this.countTarget.textContent = detail.words;
    this.everythingTarget.hidden = !detail.offer;
    this.everythingTarget.textContent = detail.offer;
  }

  selectEverything() {
    document.dispatchEvent(new CustomEvent('library:select-all'));
  }

  clear() {
    document.dispatchEvent(new CustomEvent('library:clear-selection'));
  }

  /** What the server needs to know of the selection. Which assets that are, it finds itself. */
  get fields() {
    const { ids, all, query } = this.selection;
    return all ? { all: 'true', query } : { ids: ids.join(',') };
  }

  get dialog() {
    return document.getElementById('bulk-dialog');
  }

  get body() {
    return this.dialog.querySelector('[data-bulk-dialog]');
  }

  /** Open the dialog of an action with its form. */
  async open({ currentTarget, params: { url, title } }) {
    const chosen = this.fields;
    await this.busy(currentTarget, async () => {
      const response = await this.post(url, chosen);
      if (!response.ok) throw new Error((await readJson(response)).message);
      document.getElementById('title-text-bulk-dialog').textContent = title;
      const html = await response.text();
      // First, since it takes the focus.
      this.dialog.dispatchEvent(new CustomEvent('w-dialog:show'));
      this.show(html, url, chosen);
    });
  }

  /** Go to a page that was made for the selection. */
  async openPage({ currentTarget, params: { url } }) {
    await this.busy(currentTarget, async () => {
      const response = await this.post(url, this.fields);
      const answer = await readJson(response);
      if (!response.ok) throw new Error(answer.message);
      window.location.assign(answer.url);
    });
  }

  download(event) {
    const { ids, all, query } = event.target.elements;
    ids.value = all.value = query.value = '';
    Object.entries(this.fields).forEach(([name, value]) => {
      event.target.elements[name].value = value;
    });
    event.target.elements.next.value = window.location.pathname + window.location.search;
  }

  show(html, url, chosen) {
    this.fill(html);
    const form = this.body.querySelector('.bulk-form');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.start(form, url, chosen);
    });
    tickWhatIsWritten(form);
    // Where something is wrong, or the first that is asked. What deletes is not what Enter does by chance.
    const asked = '.w-field--error input, .w-field--error select, input, select, [data-bulk-close]';
    requestAnimationFrame(() => {
      labelTagFields(form);
      [...form.querySelectorAll(asked)].find((one) => one.checkVisibility())?.focus();
    });
  }

  fill(html) {
    this.body.innerHTML = html;
    // Also of results that take the place of a progress bar later.
    this.body.onclick = (event) => event.target.closest('[data-bulk-close]') && this.close();
  }

  async start(form, url, chosen) {
    const button = form.querySelector('[type="submit"]');
    const error = form.querySelector('[data-bulk-error]');
    button.disabled = true;
    error.textContent = '';
    try {
      const response = await this.post(url, { ...Object.fromEntries(listed(form)), ...chosen, start: 'true' });
      if (response.status === 422) {
        this.show(await response.text(), url, chosen);
        return;
      }
      const answer = await readJson(response);
      if (!response.ok) throw new Error(answer.message);
      await this.follow(answer);
    } catch (problem) {
      error.textContent = problem.message || this.failedValue;
      button.disabled = false;
    }
  }

  /** What was done at once and without trouble needs no more than a word, unless it may be undone. */
  async follow({ url, is_finished: isFinished, failed, can_undo: canUndo, message }) {
    if (isFinished && !failed && !canUndo) {
      this.close();
      this.say(message);
      this.refresh();
      return;
    }
    const response = await fetch(`${url}panel/`, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (!response.ok) throw new Error();
    this.fill(await response.text());
    this.body.querySelector('[data-bulk-close]').focus();
    if (isFinished) this.refresh();
  }

  /** Where the editor is looking: the page's own messages are at its top, which may be far away. */
  say(message) {
    clearTimeout(this.timer);
    this.messageTarget.textContent = message;
    this.element.hidden = !message && !this.selection.count;
    if (message) this.timer = setTimeout(() => this.say(''), MESSAGE_SECONDS * 1000);
  }

  close() {
    this.dialog.dispatchEvent(new CustomEvent('w-dialog:hide'));
  }

  refresh() {
    document.dispatchEvent(new CustomEvent('library:refresh'));
  }

  post(url, fields) {
    const body = new FormData();
    Object.entries(fields).forEach(([name, value]) =>
      [value].flat().forEach((one) => body.append(name, one)),
    );
    return fetch(url, {
      method: 'POST',
      body,
      headers: { 'X-CSRFToken': window.wagtailConfig.CSRF_TOKEN, 'X-Requested-With': 'XMLHttpRequest' },
    });
  }

  async busy(button, work) {
    button.disabled = true;
    try {
      await work();
    } catch (problem) {
      tell('error', problem.message || this.failedValue);
    } finally {
      button.disabled = false;
    }
  }
}

/** The fields of a form, each with a list of its values. */
function listed(form) {
  const data = new FormData(form);
  return [...new Set(data.keys())].map((name) => [name, data.getAll(name)]);
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

function tell(type, text) {
  document.dispatchEvent(new CustomEvent('w-messages:add', { detail: { clear: true, type, text } }));
}

/** Wagtail's field for tags makes an input of its own, which nobody has given a name. */
function labelTagFields(form) {
  form.querySelectorAll('.tagit-new input').forEach((input) => {
    input.setAttribute('aria-label', input.closest('.w-field__wrapper').querySelector('label').textContent.trim());
  });
}

/** Who writes into a field of rights wants it to be set. */
function tickWhatIsWritten(form) {
  form.querySelectorAll('.bulk-rights > li').forEach((row) => {
    const tick = row.querySelector('[type="checkbox"]');
    row.addEventListener('input', (event) => {
      if (event.target !== tick) tick.checked = true;
    });
  });
}

window.wagtail.app.register('bulk-actions', BulkActionsController);
