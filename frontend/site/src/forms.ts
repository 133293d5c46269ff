/** What visitors send: passed on to Darkroom, which looks at it; what is wrong comes back to the form. */

import { DarkroomError } from '@darkroom/client';
import type { APIContext } from 'astro';

import { darkroom, statusOf } from './cms';

type Context = Pick<APIContext, 'request' | 'clientAddress' | 'cookies'>;

export interface Sent {
  status: number;
  /** A sentence about the whole. */
  message: string;
  /** What is wrong with each field, by its name. */
  errors: Readonly<Record<string, readonly string[]>>;
  /** What was written, to stand there again. Files have to be chosen anew: browsers want it so. */
  values: FormData;
}

/** Undefined where all is well. */
export async function sendForm(id: number, context: Context, pageToken?: string): Promise<Sent | undefined> {
  let values = new FormData();
  try {
    values = withoutEmptyFiles(await context.request.formData());
  } catch {
    return { status: 400, message: 'This could not be read. Please send it once more.', errors: {}, values };
  }
  try {
    await darkroom.submitForm(id, values, { visitor: visitor(context), pageToken });
    return undefined;
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error;
    const { errors } = error.problem as { errors?: Sent['errors'] };
    return { status: statusOf(error), message: sentenceOf(error), errors: errors ?? {}, values };
  }
}

/** What went wrong, for a visitor: Darkroom's own words, unless it was Darkroom that failed. */
export function sentenceOf(error: DarkroomError): string {
  if (statusOf(error) >= 500) return 'That did not work just now, and it is not your fault. Please try again in a minute.';
  return error.message;
}

/** The visitor's address, as a proxy passes it on, since Darkroom counts what comes from each. */
export function visitor({ request, clientAddress }: Pick<Context, 'request' | 'clientAddress'>): string {
  return [request.headers.get('X-Forwarded-For'), clientAddress].filter(Boolean).join(', ');
}

/** Browsers send a file without name and bytes where none was chosen. */
function withoutEmptyFiles(form: FormData): FormData {
  const sent = new FormData();
  for (const [name, value] of form) {
    if (typeof value === 'string') sent.append(name, value);
    else if (value.name || value.size) sent.append(name, value, value.name);
  }
  return sent;
}
