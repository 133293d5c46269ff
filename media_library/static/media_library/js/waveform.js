/**
 * The waveform above the player of a sound: shows where it is loud and how far it is played, and jumps on click.
 *
 * The keyboard has the player's own slider. Where the peaks can't be fetched, the player stands alone.
 */

const { Controller } = window.StimulusModule;

const NAMESPACE = 'http://www.w3.org/2000/svg';
/** Of both sides of the middle line, so that silence can be seen, too; in parts of the loudest peak. */
const LEAST = 0.01;

const element = (name, attributes, ...children) => {
  const made = document.createElementNS(NAMESPACE, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
};

/** The outline of peaks in audiowaveform's format: smallest and largest sample of each point in turn. */
const outline = (data) => {
  const loudest = Math.max(1, ...data.map(Math.abs));
  const points = data.length / 2;
  const upper = Array.from({ length: points }, (_, x) => `${x} ${-Math.max(data[2 * x + 1] / loudest, LEAST)}`);
  const lower = Array.from({ length: points }, (_, x) => `${x} ${-Math.min(data[2 * x] / loudest, -LEAST)}`);
  return `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
};

class WaveformController extends Controller {
  static targets = ['audio', 'drawing'];
  static values = { url: String };

  async connect() {
    try {
      const response = await fetch(this.urlValue);
      if (response.ok) this.draw((await response.json()).data);
    } catch {
      // Files may be elsewhere, and elsewhere may not let scripts read them.
    }
  }

  draw(data) {
    this.points = Math.max(1, data.length / 2 - 1);
    const shape = outline(data);
    this.played = element('rect', { y: -1, width: 0, height: 2 });
    this.drawingTarget.setAttribute('viewBox', `0 -1 ${this.points} 2`);
    this.drawingTarget.setAttribute('preserveAspectRatio', 'none');
    this.drawingTarget.replaceChildren(
      element('clipPath', { id: 'waveform-played' }, this.played),
      element('path', { d: shape }),
      element('path', { d: shape, class: 'sound-player__played', 'clip-path': 'url(#waveform-played)' }),
    );
    this.drawingTarget.removeAttribute('hidden');
    this.follow();
  }

  follow() {
    const { currentTime, duration } = this.audioTarget;
    if (duration > 0) this.played?.setAttribute('width', (currentTime / duration) * this.points);
  }

  seek({ clientX }) {
    const { left, width } = this.drawingTarget.getBoundingClientRect();
    const { duration } = this.audioTarget;
    if (duration > 0) this.audioTarget.currentTime = ((clientX - left) / width) * duration;
  }
}

window.wagtail.app.register('waveform', WaveformController);
