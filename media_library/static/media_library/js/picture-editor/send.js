/** The server's word against these edits, for the editor to read. */
export class Refused extends Error {}

/** Post edits to the form's address; returns the answer. Throws Refused, or what fetch throws. */
export async function send(form, edits) {
  const body = new FormData();
  body.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
  body.set('edits', JSON.stringify(edits));
  const headers = { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' };
  const response = await fetch(form.action, { method: 'POST', body, headers });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.message);
  return answer;
}
