/**
 * Draws the table beside it: a column is a series, in the colours of the theme.
 *
 * Where a script or its library can't be loaded, the table is there all the same.
 */

const { Controller } = window.StimulusModule;

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];

const bytes = (value) => {
  if (value === 0) return '0';
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  const format = { style: 'unit', unit: UNITS[power], unitDisplay: 'short', maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(value / 1024 ** power);
};

/** Between lines of the axis: 1, 2 or 5 times a power of ten, of the unit that is written. */
const byteStep = (largest) => {
  const unit = 1024 ** Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, largest)) / 10));
  const rough = largest / unit / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= rough) * unit;
};

class MediaChartController extends Controller {
  static targets = ['canvas', 'table'];
  static values = { type: String, unit: String, stacked: Boolean };

  connect() {
    if (!window.Chart) return;
    this.draw();
    // Wagtail changes classes of the root when somebody chooses a theme; the system's own changes by itself.
    this.watcher = new MutationObserver(() => this.draw());
    this.watcher.observe(document.documentElement, { attributeFilter: ['class'] });
    this.scheme = window.matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.draw();
    this.scheme.addEventListener('change', this.redraw);
  }

  disconnect() {
    this.watcher?.disconnect();
    this.scheme?.removeEventListener('change', this.redraw);
    this.chart?.destroy();
  }

  draw() {
    this.chart?.destroy();
    this.chart = new window.Chart(this.canvasTarget, {
      type: this.typeValue,
      data: { labels: this.rows.map((row) => row.cells[0].textContent.trim()), datasets: this.series() },
      options: this.options(),
    });
  }

  get rows() {
    return [...this.tableTarget.tBodies[0].rows];
  }

  series() {
    const isLine = this.typeValue === 'line';
    return [...this.tableTarget.tHead.rows[0].cells].slice(1).map((heading, column) => {
      const colour = this.colour(`--media-chart-${heading.dataset.colour}`);
      return {
        label: heading.textContent.trim(),
        data: this.rows.map((row) => Number(row.cells[column + 1].dataset.value)),
        backgroundColor: colour,
        borderColor: colour,
        borderWidth: isLine ? 2 : 0,
        pointRadius: this.rows.length > 40 ? 0 : 2,
        pointHitRadius: 8,
        tension: 0.2,
        maxBarThickness: 48,
      };
    });
  }

  /** The highest bar or point. */
  largest(isStacked) {
    const values = this.rows.map((row) => [...row.cells].slice(1).map((cell) => Number(cell.dataset.value)));
    const tops = values.map((row) => (isStacked ? row.reduce((sum, value) => sum + value, 0) : Math.max(...row)));
    return Math.max(1, ...tops);
  }

  options() {
    const text = this.colour('--w-color-text-meta');
    const line = this.colour('--w-color-border-furniture');
    const isRightToLeft = document.documentElement.dir === 'rtl';
    const isStacked = this.stackedValue;
    const isBytes = this.unitValue === 'bytes';
    const isShare = this.unitValue === 'percent';
    const format = isShare ? { style: 'percent', maximumFractionDigits: 1 } : {};
    const written = (value) => (isBytes ? bytes(value) : value.toLocaleString(document.documentElement.lang, format));
    return {
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          stacked: isStacked,
          reverse: isRightToLeft,
          grid: { display: false },
          ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 },
          border: { color: line },
        },
        y: {
          stacked: isStacked,
          beginAtZero: true,
          max: isShare && this.typeValue === 'line' ? 1 : undefined,
          position: isRightToLeft ? 'right' : 'left',
          grid: { color: line },
          border: { display: false },
          ticks: {
            color: text,
            maxTicksLimit: 6,
            precision: isShare ? undefined : 0,
            stepSize: isBytes ? byteStep(this.largest(isStacked)) : undefined,
            callback: written,
          },
        },
      },
      plugins: {
        legend: {
          display: this.tableTarget.tHead.rows[0].cells.length > 2,
          rtl: isRightToLeft,
          position: 'bottom',
          labels: { color: text, boxWidth: 12, boxHeight: 12 },
        },
        tooltip: {
          rtl: isRightToLeft,
          filter: (item) => item.raw > 0 || item.dataset.data.length === 1,
          callbacks: { label: (item) => `${item.dataset.label}: ${written(item.raw)}` },
        },
      },
    };
  }

  /** Follow a token to the colour that it stands for: canvas knows no variables. */
  colour(token) {
    const probe = this.canvasTarget.parentElement;
    probe.style.color = `var(${token})`;
    const { color } = window.getComputedStyle(probe);
    probe.style.removeProperty('color');
    return color;
  }

  move(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    const last = this.rows.length - 1;
    const goals = { Home: 0, End: last };
    if (!this.chart || !(event.key in steps || event.key in goals)) return;
    event.preventDefault();
    const forwards = document.documentElement.dir === 'rtl' ? -1 : 1;
    const start = this.at ?? (steps[event.key] * forwards > 0 ? -1 : last + 1);
    this.at = goals[event.key] ?? Math.min(last, Math.max(0, start + steps[event.key] * forwards));
    this.show(this.chart.data.datasets.map((_, datasetIndex) => ({ datasetIndex, index: this.at })));
  }

  leave() {
    this.at = undefined;
    if (this.chart) this.show([]);
  }

  show(elements) {
    this.chart.setActiveElements(elements);
    this.chart.tooltip.setActiveElements(elements, { x: 0, y: 0 });
    this.chart.update();
  }
}

window.wagtail.app.register('media-chart', MediaChartController);
