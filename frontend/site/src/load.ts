/** What a page shows beside itself. Asked for before anything is sent, so that an error still has its status. */

import { isType, type AnyPage, type Draft, type OpenForm, type Site } from '@darkroom/client';

import { darkroom, siteInfo } from './cms';
import { localeOf } from './text';
import { posts, type PostsPage } from './listing';

export interface Shown {
  site: Site;
  /** The posts of a blog. */
  listing?: PostsPage;
  /** The form of a form page, opened now. */
  form?: OpenForm;
}

export async function load(
  page: AnyPage | Draft | null,
  { url, locals }: { url: URL; locals: App.Locals },
  pageToken?: string,
): Promise<Shown> {
  const site = siteInfo(localeOf(page));
  // A new page has no id, and so nothing of its own yet.
  if (!page || page.id === null) return { site: await site };
  if (isType(page, 'blog.BlogIndexPage')) {
    const [found, listing] = await Promise.all([site, posts(url, { child_of: page.id })]);
    return { site: found, listing };
  }
  if (isType(page, 'blog.FormPage') && !locals.isPreview) {
    // It says when it was opened, which tells people from programs; so it is in no cache.
    locals.isPrivate = true;
    const [found, form] = await Promise.all([site, darkroom.getForm(page.id, { pageToken })]);
    return { site: found, form };
  }
  return { site: await site };
}
