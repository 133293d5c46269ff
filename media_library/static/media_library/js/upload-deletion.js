/**
 * A file below its upload that can't be deleted, since somebody uses it already: Wagtail's script (jQuery) passes over
 * the answer in silence, so its sentence is shown here.
 */

window.jQuery?.(document).on('ajaxError', (event, request) => {
  const text = request.status === 409 && request.responseJSON?.error_message;
  if (text) {
    document.dispatchEvent(new CustomEvent('w-messages:add', { detail: { clear: true, text, type: 'error' } }));
  }
});
