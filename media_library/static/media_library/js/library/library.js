/**
 * The page around the results: follows links within the library without a reload, and keeps what stands beside the
 * results (folders, search field, drop zone) true to the address. Wagtail's own script does the same for the search
 * field and the filters; both write the address, so the address is always what is shown.
 */
const { Controller } = window.StimulusModule;

export class LibraryController extends Controller {
  static targets = ['folder', 'main', 'results', 'state'];
  static values = { url: String, resultsUrl: String };

  connect() {
    // The folders are a drawer where there is no room beside the results.
    if (window.matchMedia('(max-width: 50em)').matches) this.element.querySelector('details').open = false;
  }

  disconnect() {
    this.request?.abort();
  }

  follow(event) {
    const link = event.target.closest('a[href]');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname !== this.urlValue) return;
    event.preventDefault();
    this.visit(url, 'pushState');
  }

  /** Whatever has a parameter of the address as its value. */
  choose({ target }) {
    if (!target.dataset.libraryParam) return;
    this.visit(this.address({ [target.dataset.libraryParam]: target.value }), 'pushState');
  }

  goBack() {
    this.visit(new URL(window.location.href));
  }

  refresh() {
    this.visit(new URL(window.location.href));
  }

  /** Where we are, with other parameters, and on the first page. */
  address(changes) {
    const url = new URL(window.location.href);
    url.searchParams.delete('p');
    Object.entries(changes).forEach(([name, value]) => {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    });
    return url;
  }

  async visit(url, remember) {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.resultsTarget.setAttribute('aria-busy', 'true');
    const results = new URL(this.resultsUrlValue, url);
    results.search = url.search;
    results.searchParams.set('_w_filter_fragment', '1');
    try {
      const response = await fetch(results, {
        headers: { 'X-Requested-With': 'XMLHttpRequest' },
        signal: request.signal,
      });
      // Signed out meanwhile, or a server that is away: the browser says it better.
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      const html = await response.text();
      if (remember) window.history[remember](null, '', url);
      const focused = this.resultsTarget.contains(document.activeElement) && document.activeElement.id;
      this.resultsTarget.innerHTML = html;
      if (focused) document.getElementById(focused)?.focus();
      this.arrive();
    } catch (error) {
      if (error.name === 'AbortError') return;
      window.location.assign(url);
    } finally {
      if (this.request === request) this.resultsTarget.removeAttribute('aria-busy');
    }
  }

  /** New results are there, whoever has fetched them. */
  arrive() {
    const folder = this.stateTarget.dataset.folder;
    if (folder) this.mainTarget.dataset.collection = folder;
    else delete this.mainTarget.dataset.collection;
    this.folderTargets.forEach((link) => {
      link.toggleAttribute('aria-current', false);
      if (link.dataset.folder === folder) link.setAttribute('aria-current', 'true');
      link.href = this.address({ collection: link.dataset.folder, layout: '', per_page: '' }).href;
    });
    const params = new URLSearchParams(window.location.search);
    const form = document.querySelector('[data-search-form]');
    const { q, order } = form.elements;
    if (q && q !== document.activeElement) q.value = params.get('q') ?? '';
    order.value = params.get('order') ?? '';
  }
}
