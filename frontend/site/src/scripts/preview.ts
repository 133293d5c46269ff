/**
 * Keeps the place when the admin shows a newer draft: it can't look into a frame from another host, so it asks.
 *
 * The messages are those of Wagtail's preview panel (`w-preview:…`, client/src/controllers/PreviewController.ts): a frame
 * that has loaded asks for the place; the panel asks the frame before it, and passes its answer on.
 */

interface Message {
  type: string;
  x?: number;
  y?: number;
}

/** Origin of the admin; nobody else is told or obeyed. */
const admin = new URL(document.documentElement.dataset['cms']!).origin;

const tell = (message: Message) =>
  window.parent.postMessage({ wagtail: { ...message, origin: window.location.origin } }, admin);

if (window.parent !== window) {
  window.addEventListener('message', ({ data, origin, source }: MessageEvent<{ wagtail?: Message }>) => {
    if (origin !== admin || source !== window.parent) return;
    const message = data?.wagtail;
    if (message?.type === 'w-preview:get-scroll-position') {
      tell({ type: 'w-preview:set-scroll-position', x: window.scrollX, y: window.scrollY });
    } else if (message?.type === 'w-preview:set-scroll-position') {
      window.scrollTo({ left: message.x ?? 0, top: message.y ?? 0, behavior: 'instant' });
    }
  });
  const ask = () => tell({ type: 'w-preview:request-scroll' });
  if (document.readyState === 'complete') ask();
  else window.addEventListener('load', ask);
}

export {};
