/** One client for everything; each of its rooms is a file of its own. */

import { collections } from './collections.js';
import { content } from './content.js';
import { Http, type ClientOptions } from './http.js';
import { media } from './media.js';
import { uploads } from './uploads.js';
import { visitors } from './visitors.js';

/**
 * A client of one Darkroom. Its methods may be taken apart: `const { getPages } = createClient(…)`.
 *
 *     const darkroom = createClient({ baseUrl: 'https://cms.example.org', token: process.env.DARKROOM_TOKEN });
 */
export function createClient(options: ClientOptions) {
  const http = new Http(options);
  return { ...content(http), ...visitors(http), ...media(http), ...uploads(http), ...collections(http) };
}

export type Darkroom = ReturnType<typeof createClient>;
