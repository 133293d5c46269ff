/** Lists that come page by page. */

export interface CursorPage<T> {
  items: T[];
  /** Null on the last page. */
  next: string | null;
}

/**
 * All that match, fetched as they are asked for:
 *
 *     for await (const asset of darkroom.listMedia({ kind: ['image'] })) …
 *     const { items, next } = await darkroom.listMedia({ limit: 50 }).page();
 */
export class Cursor<T> implements AsyncIterable<T> {
  readonly #load: (cursor: string | undefined) => Promise<CursorPage<T>>;

  constructor(load: (cursor: string | undefined) => Promise<CursorPage<T>>) {
    this.#load = load;
  }

  /** One page: the first, or that of a `next`. */
  page(cursor?: string): Promise<CursorPage<T>> {
    return this.#load(cursor);
  }

  async *pages(): AsyncGenerator<CursorPage<T>, void, undefined> {
    let page = await this.#load(undefined);
    yield page;
    while (page.next) {
      page = await this.#load(page.next);
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }
}
