/** Posts in pages: of a blog, or of a category. */

import type { Card, PageQuery } from '@darkroom/client';

import { darkroom, site } from './cms';

export const PER_PAGE = 12;

export interface PostsPage {
  items: Card[];
  page: number;
  /** How many pages there are; at least one. */
  pages: number;
}

/** The page of an address: `?p=3`. Anything else is the first. */
export function pageNumber(url: URL): number {
  const asked = url.searchParams.get('p') ?? '1';
  return /^[1-9]\d{0,5}$/.test(asked) ? Number(asked) : 1;
}

/** Newest first, one request for all of it. */
export async function posts(url: URL, of: Pick<PageQuery<'blog.PostPage', never>, 'child_of' | 'category'>): Promise<PostsPage> {
  const page = pageNumber(url);
  const { items, meta } = await darkroom.getPages({
    type: 'blog.PostPage',
    fields: ['summary', 'date', 'thumbnail', 'featured_image', 'experiments'],
    order: '-date',
    limit: PER_PAGE,
    offset: (page - 1) * PER_PAGE,
    ...of,
    ...(site ? { site } : {}),
  });
  return {
    page,
    pages: Math.max(1, Math.ceil(meta.total_count / PER_PAGE)),
    items: items.map((post) => ({
      id: post.id,
      type: post.meta.type,
      title: post.title,
      summary: post.summary,
      url: post.meta.html_url ?? '',
      date: post.date,
      image: post.thumbnail ?? post.featured_image,
      experiment: post.experiments.find(({ slot }) => slot === 'thumbnail') ?? null,
    })),
  };
}
