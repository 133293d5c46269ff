/** Keys of the table of texts: as in a spreadsheet, as far as a form allows. */

const { Controller } = window.StimulusModule;

class BulkTableController extends Controller {
  static targets = ['save'];

  key(event) {
    const { key, target } = event;
    const withControl = event.ctrlKey || event.metaKey;
    if (withControl && key.toLowerCase() === 's') {
      event.preventDefault();
      this.saveTarget.click();
    } else if (target.dataset.column && (withControl ? key === 'ArrowDown' : key === 'Enter' && !event.shiftKey)) {
      // With Shift, Enter is a new line in the caption.
      event.preventDefault();
      this.move(target, 1);
    } else if (target.dataset.column && withControl && key === 'ArrowUp') {
      event.preventDefault();
      this.move(target, -1);
    }
  }

  move(field, step) {
    const column = [...this.element.querySelectorAll(`[data-column="${field.dataset.column}"]`)];
    const next = column[column.indexOf(field) + step];
    next?.focus();
    next?.select();
  }
}

window.wagtail.app.register('bulk-table', BulkTableController);
