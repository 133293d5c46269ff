/**
 * Wagtail's user bar on a front end. Visitors see nothing of it.
 *
 *     <script src="https://cms.example.org/static/blog/js/userbar.js" data-page="12" defer></script>
 *
 * On a preview, the query that the admin opened it with is used: `token` and `in_preview_panel`; or `data-token` and
 * `data-in-preview-panel`, where the front end has another address by then. A front end that changes pages without
 * loading anew adds the script again for each page.
 */
(() => {
  const script = document.currentScript;
  const asked = new URLSearchParams(window.location.search);
  const address = new URL('/userbar/', script.src);
  address.searchParams.set('page', script.dataset.page ?? '');
  const panel = script.dataset.inPreviewPanel ?? asked.get('in_preview_panel');
  if (panel === 'true') {
    address.searchParams.set('in_preview_panel', 'true');
    address.searchParams.set('token', script.dataset.token ?? asked.get('token') ?? '');
  }

  const place = (html) => {
    document.querySelectorAll('[data-darkroom-userbar]').forEach((old) => old.remove());
    const bar = document.createElement('div');
    bar.dataset.darkroomUserbar = '';
    bar.innerHTML = html;
    // Browsers run no script that came as text: each is written anew, and in order.
    for (const came of bar.querySelectorAll('script')) {
      const fresh = document.createElement('script');
      for (const { name, value } of came.attributes) fresh.setAttribute(name, value);
      fresh.textContent = came.textContent;
      fresh.async = false;
      if (script.nonce) fresh.nonce = script.nonce;
      came.replaceWith(fresh);
    }
    document.body.append(bar);
  };

  fetch(address, { credentials: 'include' })
    .then((answer) => (answer.status === 200 ? answer.text() : ''))
    .then((html) => html && place(html))
    .catch(() => {}); // The page is for visitors; without the CMS it is whole.
})();
