// Before a page's own scripts: a network and a clipboard that a test can break.
//   network  up, cut (as without one), silent (never answers), refuses
//   copies   whether the browser lets anybody copy
globalThis.network = 'up';
globalThis.copies = true;
const real = globalThis.fetch;
globalThis.fetch = (url, options) => {
  const isSent = options?.method === 'POST' && /\/v1\/(feedback|mail|ratings)$/.test(String(url));
  if (!isSent || network === 'up') return real(url, options);
  if (network === 'silent') return new Promise(() => {});
  if (network === 'cut') return Promise.reject(new TypeError('cut'));
  return Promise.resolve(new Response('{}', { status: 403 }));
};
const writeText = () => (copies ? Promise.resolve() : Promise.reject(new DOMException('', 'NotAllowedError')));
Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
Document.prototype.execCommand = () => copies;
// A page with both designs, of which the reader has the one that they prefer.
document.addEventListener('DOMContentLoaded', () => (document.documentElement.style.colorScheme = 'light dark'));
