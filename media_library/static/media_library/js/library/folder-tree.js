/** Folders that open and close, by button or by arrow keys; what was opened stays open while the tab is. */
const { Controller } = window.StimulusModule;

const REMEMBERED = 'media-library-open-folders';

export class FolderTreeController extends Controller {
  static targets = ['toggle'];

  connect() {
    this.opened = new Set(JSON.parse(window.sessionStorage.getItem(REMEMBERED) ?? '[]'));
    this.toggleTargets.forEach((button) => {
      if (this.opened.has(button.getAttribute('aria-controls'))) this.set(button, true);
    });
  }

  toggle({ currentTarget }) {
    this.set(currentTarget, currentTarget.getAttribute('aria-expanded') !== 'true');
  }

  set(button, isOpen) {
    const id = button.getAttribute('aria-controls');
    button.setAttribute('aria-expanded', String(isOpen));
    document.getElementById(id).hidden = !isOpen;
    this.opened[isOpen ? 'add' : 'delete'](id);
    window.sessionStorage.setItem(REMEMBERED, JSON.stringify([...this.opened]));
  }

  move(event) {
    const isRtl = getComputedStyle(this.element).direction === 'rtl';
    const links = [...this.element.querySelectorAll('a')].filter((link) => link.offsetParent);
    const row = event.target.closest('.folder-tree__row');
    const index = links.findIndex((link) => row?.contains(link));
    if (index < 0) return;
    const toggle = row.querySelector('button');
    const isOpen = toggle?.getAttribute('aria-expanded') === 'true';
    switch (event.key) {
      case 'ArrowDown':
        links[index + 1]?.focus();
        break;
      case 'ArrowUp':
        links[index - 1]?.focus();
        break;
      case isRtl ? 'ArrowLeft' : 'ArrowRight':
        if (toggle && !isOpen) this.set(toggle, true);
        else if (isOpen) links[index + 1]?.focus();
        break;
      case isRtl ? 'ArrowRight' : 'ArrowLeft':
        if (isOpen) this.set(toggle, false);
        else row.closest('ul').closest('li')?.querySelector('a').focus();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}
