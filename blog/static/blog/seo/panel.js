/** What search engines and networks will show of a page, while somebody writes it, and hints how to do better. */

const { Controller } = window.StimulusModule;

/** Milliseconds without a key before the server is asked. */
const PAUSE = 400;

const plain = (text) => text.replace(/\s+/g, ' ').trim();

class SeoPanelController extends Controller {
  static targets = [
    'address', 'title', 'description', 'titleCount', 'descriptionCount', 'host', 'socialTitle', 'socialDescription',
    'image', 'front', 'headline', 'site', 'hints',
  ];
  static values = {
    url: String, page: String, parent: String, above: String, home: Boolean, pictures: String,
    titleLength: Number, descriptionShortest: Number, descriptionLength: Number,
  };

  connect() {
    this.found = null;
    this.show();
  }

  disconnect() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  show() {
    const title = this.first('seo_title', 'title');
    const description = this.first('search_description', 'summary', 'intro');
    const socialTitle = this.first('social_title') || title;
    const address = this.address;
    this.titleTarget.textContent = title;
    this.descriptionTarget.textContent = description;
    this.addressTarget.textContent = address;
    this.titleCountTarget.textContent = [...title].length;
    this.descriptionCountTarget.textContent = [...description].length;
    this.hostTarget.textContent = URL.canParse(address) ? new URL(address).host : address;
    this.socialTitleTarget.textContent = socialTitle;
    this.socialDescriptionTarget.textContent = this.first('social_description') || description;
    // What the worker writes: the title of the page, not that for search engines.
    this.headlineTarget.textContent = this.first('social_title', 'title');
    this.written = { title, description };
    this.hint();
    this.askSoon();
  }

  /** The field of the form with this name; a rich text field keeps its text as JSON, which is no text to show. */
  field(name) {
    return this.element.closest('form')?.elements.namedItem(name);
  }

  first(...names) {
    return names.map((name) => plain(this.text(name))).find(Boolean) ?? '';
  }

  text(name) {
    const value = this.field(name)?.value ?? '';
    if (!value.startsWith('{"')) return value;
    try {
      return JSON.parse(value).blocks.map((block) => block.text).join(' ');
    } catch {
      return value;
    }
  }

  get address() {
    const slug = this.field('slug')?.value;
    return slug && !this.homeValue ? `${this.aboveValue.replace(/\/$/, '')}/${slug}/` : this.aboveValue;
  }

  /** The id of the picture that is shared, by its field; the server knows that of the site. */
  get picture() {
    const names = this.picturesValue.split(',').filter(Boolean);
    return names.map((name) => this.field(name)?.value).find(Boolean) ?? '';
  }

  askSoon() {
    const query = new URLSearchParams({
      page: this.pageValue,
      parent: this.parentValue,
      title: this.written.title,
      description: this.written.description,
      picture: this.picture,
    }).toString();
    if (query === this.asked) return;
    this.asked = query;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(query), PAUSE);
  }

  async ask(query) {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const response = await fetch(`${this.urlValue}?${query}`, {
        headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
        signal: this.asking.signal,
      });
      if (response.ok) this.found = await response.json();
    } catch {
      // Without an answer, what can be seen here is still right; the next key asks again.
      if (this.asked === query) this.asked = null;
      return;
    }
    this.draw();
    // Wagtail has made the slug of the title meanwhile, and tells nobody.
    this.show();
  }

  draw() {
    const picture = this.found?.picture;
    this.imageTarget.hidden = !picture?.src;
    if (picture?.src) this.imageTarget.src = picture.src;
    // A picture that was chosen for sharing is shown as it is.
    this.frontTarget.hidden = Boolean(this.field('social_image')?.value);
    this.siteTarget.textContent = this.found?.site_name ?? '';
  }

  hint() {
    const { title, description } = this.written;
    const found = this.found ?? {};
    const length = [...description].length;
    const isKnown = this.found !== null;
    const shown = {
      'title-long': [...title].length > this.titleLengthValue,
      'title-same': found.same_title,
      'description-missing': length === 0,
      'description-short': length > 0 && length < this.descriptionShortestValue,
      'description-long': length > this.descriptionLengthValue,
      'description-same': found.same_description,
      'picture-missing': isKnown && !found.picture,
      'picture-small': found.picture?.is_small,
      'alt-missing': found.picture && !found.picture.has_alt,
      'title-unwritable': isKnown && !found.is_drawable && !this.field('social_image')?.value,
      hidden: this.field('no_index')?.checked,
    };
    shown.good = isKnown && !Object.values(shown).some(Boolean);
    this.hintsTarget.querySelectorAll('[data-hint]').forEach((hint) => {
      const says = shown[hint.dataset.hint];
      hint.hidden = !says;
      const page = hint.querySelector('[data-page]');
      if (page && says) page.textContent = says;
    });
  }
}

window.wagtail.app.register('seo-panel', SeoPanelController);
