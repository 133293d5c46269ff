/** Dates and languages as readers write them. */

import type { AnyPage, Draft } from '@darkroom/client';

/** The language of a page, where the site has several. */
export function localeOf(page: AnyPage | Draft | null): string | undefined {
  return page && 'locale' in page.meta ? String(page.meta.locale) : undefined;
}

/** English without a country is British here, as Darkroom's is. */
const written = (locale: string) => (locale === 'en' ? 'en-GB' : locale);

/** `31 January 2026`, of a day or a moment. */
export function day(value: string, locale: string): string {
  // A day is no moment: in the server's own time zone it could be the one before.
  return new Intl.DateTimeFormat(written(locale), { dateStyle: 'long', ...(value.length === 10 ? { timeZone: 'UTC' } : {}) })
    .format(new Date(value));
}

/** `31 January 2026, 19:30 – 22:00`, in the time zone that the moment is written in. */
export function timespan(from: string, to: string | null, locale: string): string {
  const format = new Intl.DateTimeFormat(written(locale), { dateStyle: 'full', timeStyle: 'short', timeZone: zone(from) });
  return to ? format.formatRange(new Date(from), new Date(to)) : format.format(new Date(from));
}

/** `+02:00` of `2026-07-01T19:30:00+02:00`, so that an event is told in the time of its place. */
function zone(moment: string): string {
  return /[+-]\d\d:\d\d$/.exec(moment)?.[0] ?? 'UTC';
}

const RTL = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

export function direction(locale: string): 'ltr' | 'rtl' {
  return RTL.has(locale.split('-')[0]!.toLowerCase()) ? 'rtl' : 'ltr';
}

/** JSON for a `<script>`, which nothing in it can end. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
