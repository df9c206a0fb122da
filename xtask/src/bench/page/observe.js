// Runs in every page before its own scripts, the same in all. `readable` is the end of the first frame that
// has the article's first paragraph in it, laid out: no frame is made while a style sheet of the head's is
// missing, so that it has its style too. `whole` is that of the first frame with its last block.
(() => {
  if (window !== top) return;
  const found = { readable: null, whole: null, live: null, first: null, largest: null, shift: 0 };
  const tasks = [];

  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') found.first = startTime;
  });
  observe('largest-contentful-paint', ({ startTime }) => (found.largest = startTime));
  observe('layout-shift', ({ value }) => (found.shift += value));
  observe('longtask', ({ startTime, duration }) => tasks.push([startTime, duration]));
  addEventListener('article-widget:ready', ({ detail }) => {
    if (detail.state === 'live') found.live = performance.now();
  });

  const isLaidOut = (selector) => {
    const root = document.querySelector('article-widget')?.shadowRoot || document;
    return root.querySelector(selector)?.getClientRects().length > 0;
  };
  // A task asked for in a frame's callback comes after that frame.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => (found[data] ??= performance.now());
  const look = () => {
    if (isLaidOut('.aw-body p')) port2.postMessage('readable');
    // The last one is known when all HTML is there.
    if (document.readyState !== 'loading' && isLaidOut('.aw-body > :last-child')) port2.postMessage('whole');
    // A page that will have none is not kept awake.
    else if (document.readyState !== 'complete' || document.querySelector('article-widget')) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // Hydration can begin once its Wasm is there: what runs from then on is laid to it. The browser tells of tasks
  // from 50 ms on.
  const longest = (when) => Math.max(0, ...tasks.filter(([start]) => when(start)).map(([, duration]) => duration));
  globalThis.figures = () => {
    const ends = (is) => performance.getEntriesByType('resource').filter(is).map(({ responseEnd }) => responseEnd);
    const begins = Math.min(...ends(({ name }) => name.endsWith('.wasm')));
    const [picture] = ends(({ initiatorType }) => initiatorType === 'img');
    const before = longest((start) => start < begins);
    const during = longest((start) => start >= begins);
    return { ...found, picture, before, during };
  };
})();
