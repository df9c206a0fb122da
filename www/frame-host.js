/*! article-widget: gives frames with articles their height. MIT OR Apache-2.0 */

// In a partner's page, beside frames of `/embed/{id}`. Without it they keep the height that they have.
(() => {
  'use strict';

  const HIGHEST = 1e5;

  // An `<img name="currentScript">` in the page hides the document's own property: ask the prototype.
  const script = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript').get.call(document);
  const [, base] = /^(https?:.*?)\/(?:v\/[^/]+\/)?frame-host\.js(?:[?#]|$)/.exec(script?.src) || [];
  if (!base) return;

  const frames = () =>
    [...document.querySelectorAll('iframe')].filter(({ src }) => src.startsWith(`${base}/embed/`));

  // A sandbox takes the publisher's origin away; without one, nobody else is to speak from the frame.
  const isFrom = (frame, origin) =>
    origin === new URL(base).origin || (origin === 'null' && frame.hasAttribute('sandbox'));

  addEventListener('message', ({ source, origin, data }) => {
    if (data?.type !== 'article-widget:height' || !(data.height > 0)) return;
    for (const frame of frames()) {
      if (frame.contentWindow !== source || !isFrom(frame, origin)) continue;
      frame.style.height = `${Math.min(data.height, HIGHEST)}px`;
    }
  });
  // Those that were there first have spoken already.
  for (const { contentWindow } of frames()) {
    contentWindow.postMessage({ type: 'article-widget:measure' }, '*');
  }
})();
