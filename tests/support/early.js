// Runs in every document before its own scripts: keeps what a console would have received, and leaves no
// trace of itself. What stops an error (`preventDefault`) is known only later: it is asked when told.
(() => {
  document.currentScript.remove();
  const heard = [];
  const told = () => heard.splice(0).map((tell) => tell()).filter(Boolean);
  Object.defineProperty(globalThis, '__console', { value: told });
  const levels = { error: 'SEVERE', warn: 'WARNING' };
  for (const name of Object.keys(levels)) {
    const real = console[name];
    console[name] = (...values) => {
      const line = `${levels[name]} ${values.map(String).join(' ')}`;
      heard.push(() => line);
      real.apply(console, values);
    };
  }
  const hear = (type, words) =>
    addEventListener(type, (event) => heard.push(() => !event.defaultPrevented && `SEVERE ${words(event)}`), true);
  hear('error', ({ message, target }) => message || `cannot load ${target.src || target.href || target}`);
  hear('unhandledrejection', ({ reason }) => `Uncaught (in promise) ${reason}`);
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    // Browsers ask for an icon unbidden.
    const line = !blockedURI.endsWith('/favicon.ico') && `SEVERE ${effectiveDirective} forbids ${blockedURI}`;
    heard.push(() => line);
  }, true);
})();
