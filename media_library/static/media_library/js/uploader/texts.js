/** The sentences that the server has put into the page (admin/uploads/messages.py). */

let messages = {};

export const learn = (element) => {
  messages = JSON.parse(element.textContent);
};

/** `say('summary', { done: 3, total: 9 })`: the sentence with these put in. */
export const say = (name, values = {}) =>
  (messages[name] ?? name).replace(/\{(\w+)\}/g, (_match, key) => values[key] ?? '');

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** A number of bytes as the reader's language writes it: "4.2 MB". */
export const bytes = (count) => {
  const power = Math.min(Math.max(Math.floor(Math.log(Math.max(count, 1)) / Math.log(1000)), 0), 3);
  return new Intl.NumberFormat(document.documentElement.lang || undefined, {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(count / 1000 ** power);
};
