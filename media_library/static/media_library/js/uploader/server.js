/** Requests beside tus. Each resolves to JSON, or throws a `Refusal` with the server's own sentence. */

import { say } from './texts.js';

const config = window.wagtailConfig;
let token = config.CSRF_TOKEN;

export class Refusal extends Error {
  constructor(status, message, data = {}) {
    super(message);
    this.status = status;
    this.data = data;
  }
}

/** Headers that every request needs. Without the second one, a visitor is sent to a page to sign in. */
export const headers = () => ({
  [config.CSRF_HEADER_NAME]: token,
  'X-Requested-With': 'XMLHttpRequest',
});

/** What a status means where the server says nothing that is for people. */
export const explain = (status, message) => {
  if (message) return message;
  if (status === 401 || status === 403) return say('signedOut');
  if (status === 413) return say('tooLarge');
  return say('serverError', { status });
};

export const messageOf = (text) => {
  try {
    return JSON.parse(text).message ?? '';
  } catch {
    return '';
  }
};

export const ask = async (url, options = {}) => {
  const response = await fetch(url, {
    ...options,
    headers: { Accept: 'application/json', ...headers(), ...options.headers },
  });
  const text = await response.text();
  if (!response.ok) throw new Refusal(response.status, explain(response.status, messageOf(text)));
  return text ? JSON.parse(text) : null;
};

export const post = (url, data, options = {}) =>
  ask(url, { method: 'POST', body: JSON.stringify(data), headers: { 'Content-Type': 'application/json' }, ...options });

/** After signing in again in another tab, forms of this one have a token that no longer holds. */
export const renewToken = async (url) => {
  const answer = await ask(url);
  token = answer.token;
  return answer.items;
};

const TUS = { 'Tus-Resumable': '1.0.0' };

/** Ask once more for what the last bytes ask for: that the file is taken in. */
export const finish = async (url, size) => {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { ...headers(), ...TUS, 'Upload-Offset': size, 'Content-Type': 'application/offset+octet-stream' },
  });
  if (!response.ok) {
    throw new Refusal(response.status, explain(response.status, messageOf(await response.text())));
  }
};

export const cancel = (url) => fetch(url, { method: 'DELETE', headers: { ...headers(), ...TUS } });
