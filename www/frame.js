/*! article-widget: in a frame, tells the page around it how high the article is. MIT OR Apache-2.0 */

// In the document of `/embed/{id}`. It speaks to three kinds of pages: those that run frame-host.js; WordPress, whose
// frames have a secret behind their `#` and a sandbox that lets them open and leave nothing; and AMP, which puts
// `amp=1` there.
(() => {
  'use strict';

  if (window === parent) return;
  const widget = document.querySelector('article-widget');
  const original = document.querySelector('.original a');
  const [, secret] = /secret=([0-9A-Za-z]+)/.exec(location.hash) || [];
  const isAmp = location.hash === '#amp=1';

  // Whom the browser names as the page around. Not every browser does, and an opaque origin has no name: then
  // anybody may hear, for neither a height nor a link of the article's is a secret.
  const around = location.ancestorOrigins?.[0];
  const tell = (message) => parent.postMessage(message, /^http/.test(around) ? around : '*');

  const tellHeight = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (secret) tell({ message: 'height', value: height, secret });
    else if (isAmp) tell({ sentinel: 'amp', type: 'embed-size', height });
    else tell({ type: 'article-widget:height', article: widget.getAttribute('article'), height });
  };

  // WordPress follows links to this host alone. What leads elsewhere leads to the article's own page, where
  // the same link is.
  const follow = (event) => {
    const link = event.composedPath().find(({ href }) => href);
    if (!link) return;
    event.preventDefault();
    tell({ message: 'link', value: (link.host === location.host ? link : original).href, secret });
  };

  if (secret) {
    // The ways to share that begin on this host. The loader, which comes after this script, reads them.
    widget.setAttribute('share', 'copy,zalo,qr,print');
    addEventListener('click', follow);
  }
  // The page's script may be there later than this one, and then asks.
  addEventListener('message', ({ source, data }) => {
    const asks = data?.type === 'article-widget:measure' || data?.message === 'ready';
    if (source === parent && asks) tellHeight();
  });
  // At once: a browser observes nothing in a frame that is hidden, as WordPress's is until it has heard.
  tellHeight();
  new ResizeObserver(tellHeight).observe(document.body);
})();
