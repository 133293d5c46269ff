/** Lays the numbers of the table beside it over a picture: the fuller a cell, the more often it was clicked. */

const { Controller } = window.StimulusModule;

/** Pixels of the drawing for each cell; the styles stretch it over the picture. */
const CELL = 24;

const STRONGEST = 0.85;

class MediaHeatController extends Controller {
  static targets = ['canvas', 'table'];

  connect() {
    this.draw();
    this.watcher = new MutationObserver(() => this.draw());
    this.watcher.observe(document.documentElement, { attributeFilter: ['class'] });
    this.scheme = window.matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.draw();
    this.scheme.addEventListener('change', this.redraw);
  }

  disconnect() {
    this.watcher.disconnect();
    this.scheme.removeEventListener('change', this.redraw);
  }

  draw() {
    const rows = [...this.tableTarget.tBodies[0].rows].map((row) =>
      [...row.cells].slice(1).map((cell) => Number(cell.dataset.value)),
    );
    const most = Math.max(1, ...rows.flat());
    const canvas = this.canvasTarget;
    canvas.width = rows[0].length * CELL;
    canvas.height = rows.length * CELL;
    const context = canvas.getContext('2d');
    context.fillStyle = window.getComputedStyle(canvas).color;
    rows.forEach((row, down) => {
      row.forEach((value, across) => {
        // By the root: one cell that everybody clicks on leaves the others to be seen.
        context.globalAlpha = STRONGEST * Math.sqrt(value / most);
        context.fillRect(across * CELL, down * CELL, CELL, CELL);
      });
    });
  }
}

window.wagtail.app.register('media-heat', MediaHeatController);
