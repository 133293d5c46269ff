/** What an editor is writing in the form of a page. */

const MOST_CHARACTERS = 20_000;
const SAID_BY_ITSELF = new Set(['title', 'tags', 'slug']);

const textOfDraftail = (value) => {
  try {
    return (JSON.parse(value)?.blocks ?? []).map((block) => block.text).join('\n');
  } catch {
    return '';
  }
};

const textOf = (field) => {
  if ('draftailInput' in field.dataset) return textOfDraftail(field.value);
  return field.matches('textarea, input[type="text"]') && !SAID_BY_ITSELF.has(field.name) ? field.value : '';
};

/** @returns {HTMLFormElement | null} null where no page is written. */
export const pageForm = () => document.querySelector('#page-edit-form');

/** Its title, its tags, and all other text, saved or not. */
export const written = (form) => {
  const valueOf = (name) => form.querySelector(`[name="${name}"]`)?.value ?? '';
  const text = [...form.elements].map(textOf).filter(Boolean).join('\n').slice(0, MOST_CHARACTERS);
  return new URLSearchParams({ title: valueOf('title'), tags: valueOf('tags'), text });
};
