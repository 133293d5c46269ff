/**
 * The text of a track beside its player: checked by the server as it is typed, and shown by the player when it is
 * right.
 */

import { findCues, lineAt, placeOfLine, timestamp } from './cues.js';

const { Controller } = window.StimulusModule;

const CHECK_DELAY = 500;
/** Seconds for which a new cue stays, if no other comes, and for which it does at least. */
const DURATION = 3;
const SHORTEST = 0.5;

class TrackEditorController extends Controller {
  static targets = ['player', 'text', 'kind', 'play', 'place', 'count', 'problem', 'show'];
  static values = { url: String, texts: Object, line: Number };

  connect() {
    this.check();
    if (this.lineValue) this.showLine();
    this.follow();
  }

  disconnect() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.removeTrack();
  }

  get text() {
    return this.textTarget.value;
  }

  change() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHECK_DELAY);
    this.follow();
  }

  async check() {
    this.asking?.abort();
    this.asking = new AbortController();
    const body = new FormData();
    body.set('csrfmiddlewaretoken', this.element.closest('form').elements.csrfmiddlewaretoken.value);
    body.set('kind', this.kindTarget.value);
    body.set('text', this.text);
    try {
      const headers = { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' };
      const response = await fetch(this.urlValue, { method: 'POST', body, headers, signal: this.asking.signal });
      const answer = await response.json();
      if (answer.message) this.refuse(answer.message, answer.line);
      else this.accept(answer);
    } catch (error) {
      // Another check has begun; or the network is away.
      if (error.name !== 'AbortError') this.refuse(this.textsValue.unchecked, 0);
    }
  }

  accept({ text, cues }) {
    this.countTarget.textContent = cues === 1 ? this.textsValue.cue : this.textsValue.cues.replace('%s', cues);
    this.refuse('', 0);
    this.showTrack(text);
  }

  refuse(message, line) {
    this.problemTarget.textContent = message;
    this.lineValue = line || 0;
    this.showTarget.hidden = !line;
    this.textTarget.setAttribute('aria-invalid', String(Boolean(message)));
    this.countTarget.hidden = Boolean(message);
  }

  /** Give the player this text in place of the former one. */
  showTrack(text) {
    if (!this.hasPlayerTarget) return;
    this.removeTrack();
    const track = document.createElement('track');
    // Browsers show captions only: chapters and descriptions are shown as such while they are written.
    track.kind = 'captions';
    track.src = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }));
    track.default = true;
    this.playerTarget.append(track);
    track.track.mode = 'showing';
    this.track = track;
  }

  removeTrack() {
    if (!this.track) return;
    URL.revokeObjectURL(this.track.src);
    this.track.remove();
    this.track = null;
  }

  /** Say where the caret is, and whether there is a cue to play. */
  follow() {
    const line = lineAt(this.text, this.textTarget.selectionStart);
    this.placeTarget.textContent = this.textsValue.line.replace('%s', line);
    this.playTarget.disabled = !this.hasPlayerTarget || !this.currentCue;
  }

  get currentCue() {
    const place = this.textTarget.selectionStart;
    return findCues(this.text).find((cue) => cue.from <= place && place <= cue.to);
  }

  play() {
    this.playerTarget.currentTime = this.currentCue.start;
    this.playerTarget.play();
  }

  insert() {
    const now = this.playerTarget.currentTime;
    const cues = findCues(this.text).sort((one, other) => one.start - other.start);
    const before = cues.findLast((cue) => cue.start <= now);
    const after = cues.find((cue) => cue.start > now);
    const end = Math.max(now + SHORTEST, Math.min(now + DURATION, after?.start ?? Infinity));
    const times = `${timestamp(now)} --> ${timestamp(end)}\n`;
    if (before) this.put(before.to, `\n\n${times}`, '');
    else if (after) this.put(after.from, times, '\n\n');
    else {
      const head = this.text.trimEnd();
      this.put(head.length, `${head ? '' : 'WEBVTT'}\n\n${times}`, '');
    }
  }

  /** Write into the text as if it were typed, so that it can be undone; the caret stands before ``rest``. */
  put(place, written, rest) {
    this.textTarget.focus();
    this.textTarget.setSelectionRange(place, place);
    if (!document.execCommand('insertText', false, written + rest)) {
      this.textTarget.setRangeText(written + rest);
      this.textTarget.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const caret = place + written.length;
    this.textTarget.setSelectionRange(caret, caret);
    this.scrollTo(lineAt(this.text, caret));
  }

  /** Select the line that is wrong. */
  showLine() {
    this.textTarget.focus();
    this.textTarget.setSelectionRange(...placeOfLine(this.text, this.lineValue));
    this.scrollTo(this.lineValue);
  }

  scrollTo(line) {
    const height = parseFloat(getComputedStyle(this.textTarget).lineHeight);
    this.textTarget.scrollTop = (line - 0.5) * height - this.textTarget.clientHeight / 2;
  }
}

window.wagtail.app.register('track-editor', TrackEditorController);
