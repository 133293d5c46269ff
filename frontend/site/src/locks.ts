/** Pages behind a password. What opens one is kept in a cookie for its path, which no script can read. */

import { DarkroomError } from '@darkroom/client';
import type { APIContext } from 'astro';

import { darkroom, statusOf } from './cms';
import { sentenceOf, visitor } from './forms';

export const TOKEN = 'page-token';

export interface Lock {
  page: number;
  status: number;
  /** What was wrong with the last try. */
  message?: string;
}

/** The lock that an error is about; null for any other error. */
export function lockOf(error: unknown): Lock | null {
  if (!(error instanceof DarkroomError) || error.code !== 'password_required') return null;
  return { page: Number(error.problem['id']), status: error.status };
}

/** The way to the page, now open; or undefined, and the lock says what was wrong. */
export async function openWith(
  lock: Lock,
  context: Pick<APIContext, 'request' | 'cookies' | 'url' | 'redirect' | 'clientAddress'>,
): Promise<Response | undefined> {
  const { request, cookies, url } = context;
  const form = await request.formData().catch(() => new FormData());
  try {
    const { token, expires } = await darkroom.unlock(lock.page, String(form.get('password') ?? ''), {
      visitor: visitor(context),
    });
    cookies.set(TOKEN, token, {
      path: url.pathname,
      expires: new Date(expires),
      httpOnly: true,
      sameSite: 'lax',
      secure: url.protocol === 'https:',
    });
    return context.redirect(url.pathname + url.search, 303);
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error;
    lock.status = statusOf(error);
    lock.message = sentenceOf(error);
    return undefined;
  }
}
