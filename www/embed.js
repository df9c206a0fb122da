/*! article-widget: shows a publisher's article in this page. MIT OR Apache-2.0 */

// The loader. No dependency, no build but minifying. Reading order: what is fixed, finding the
// elements (at the end of the file), one widget's life, and its layers:
//   L0  the link in the snippet, which stands until there is something better;
//   L1  the server's HTML in a shadow root: one JSON request; the view is counted here;
//   L2  the same component as Wasm, when the page is idle: it hydrates that HTML.
(() => {
  'use strict';

  const RELEASE = __RELEASE__;
  const NAME = 'article-widget';
  const ID = /^[\w.~-]{1,128}$/;
  const WINDOWS = ['24h', '7d', '30d', 'all', 'off'];
  const REQUEST_TIMEOUT = 20e3;
  const VIEW_AFTER = 1e3;
  const RETRY_FIRST = 5e3;
  const RETRY_UNTIL = 36e5;

  // An `<img name="currentScript">` in the page hides the document's own property: ask the prototype.
  const own = (name) =>
    Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);

  const script = own('currentScript') || document.querySelector('script[src*="/embed.js"]');
  if (!(script instanceof HTMLScriptElement) || !window.customElements) return;
  const base = script.src.replace(/\/(v\/[^/]+\/)?embed\.js([?#].*)?$/, '');
  const isOwnPage = new URL(base).origin === location.origin;

  let warned = false;
  const warn = (what, error) => {
    if (!warned) console.warn(`${NAME}: ${what}`, error);
    warned = true;
  };

  // Without a prototype, so that nothing put on Object.prototype becomes an option.
  const request = (url, options) =>
    fetch(url, { __proto__: null, mode: 'cors', credentials: 'same-origin', ...options });

  const emit = (element, event, detail) =>
    element.dispatchEvent(
      new CustomEvent(`${NAME}:${event}`, { bubbles: true, composed: true, detail }),
    );

  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  // FNV-1a, 32 bits: the partner's half of a share mark. The server knows the origin behind it.
  const mark = (text) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    return (hash >>> 0).toString(36);
  };
  const partner = isOwnPage ? undefined : mark(location.origin);

  // ---------------------------------------------------------------- L1: HTML in a shadow root

  const sheets = new Map();
  const style = (root, css) => {
    try {
      if (!sheets.has(css)) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        sheets.set(css, sheet);
      }
      root.adoptedStyleSheets = [sheets.get(css)];
    } catch {
      const element = document.createElement('style');
      element.textContent = css;
      root.append(element);
    }
  };

  let policy;
  const trusted = (html) => {
    if (!window.trustedTypes) return html;
    policy ||= trustedTypes.createPolicy(NAME, { __proto__: null, createHTML: (own) => own });
    return policy.createHTML(html);
  };

  const SANITIZER = { __proto__: null, comments: true, removeElements: ['iframe'] };

  // The server's own rendering, and nothing else, goes in here. False where the page allows no way.
  const insert = (mount, html) => {
    try {
      if (mount.setHTML) mount.setHTML(html, { __proto__: null, sanitizer: SANITIZER });
      else mount.innerHTML = trusted(html);
      return !!html;
    } catch {
      return false;
    }
  };

  // The HTML is the same for every partner: whose page this is goes into its share links here.
  const decorate = (mount) => {
    if (!partner) return;
    for (const link of mount.querySelectorAll('a[data-channel]')) {
      const href = link.getAttribute('href');
      link.setAttribute('href', href.replace(/(s(?:=|%3D)[a-z]-)0(?![0-9a-z])/, `$1${partner}`));
    }
  };

  const newMount = () => {
    const mount = document.createElement('div');
    mount.className = 'aw-mount';
    return mount;
  };

  const place = (widget, mount) => {
    const { element, embed } = widget;
    const root = element.shadowRoot || element.attachShadow({ mode: 'open' });
    root.replaceChildren();
    style(root, embed.css);
    root.append(mount);
    widget.mount = mount;
    // The room that the snippet reserved has served; a `display` left there would defeat `hidden`.
    element.style.minHeight = '';
    if (element.style.display === 'block') element.style.display = '';
  };

  const showHtml = (widget) => {
    const mount = newMount();
    if (!insert(mount, widget.embed.html)) return false;
    decorate(mount);
    place(widget, mount);
    widget.snapshot = mount.innerHTML;
    return true;
  };

  // ---------------------------------------------------------------- L2: the same component as Wasm

  const asset = (name) => `${base}/v/${RELEASE.version}/${name}`;

  // import() takes no integrity: a modulepreload of the same URL checks it, and fails the import.
  const preload = (href, integrity) =>
    new Promise((resolve, reject) => {
      const link = document.createElement('link');
      if (!link.relList.supports('modulepreload')) return reject(new Error('no modulepreload'));
      Object.assign(link, { rel: 'modulepreload', href, integrity, crossOrigin: 'anonymous' });
      link.nonce = script.nonce;
      link.onload = resolve;
      link.onerror = () => reject(new Error(`${href} is not what was released`));
      document.head.append(link);
    });

  const widgets = new Set();
  let runtime;
  let trapped = false;

  // The Wasm instance is lost with every widget in it: each goes back to its HTML, or to its link.
  const onTrap = (error) => {
    trapped = true;
    warn('the interactive part stopped; the article stays', error);
    for (const widget of widgets) if (widget.stop) backToHtml(widget);
  };

  const backToHtml = (widget) => {
    widget.stop = undefined;
    if (!showHtml(widget)) widget.element.shadowRoot?.replaceChildren(document.createElement('slot'));
  };

  const start = async () => {
    const glueUrl = asset('widget.js');
    await preload(glueUrl, RELEASE.glue);
    const glue = await import(glueUrl);
    const wasm = request(asset('widget.wasm'), { integrity: RELEASE.wasm });
    glue.onTrap(onTrap);
    // The glue takes a plain object only, and reads this one key of its own.
    await glue.default({ module_or_path: await wasm });
    return glue;
  };

  const untouched = (widget) =>
    // A menu that the reader opened is a change of ours.
    widget.mount.innerHTML.replace(' open=""', '') === widget.snapshot;

  const mountOptions = (widget, hydrate) => ({
    __proto__: null,
    src: widget.url,
    lang: widget.embed.lang,
    page: location.origin + location.pathname,
    partner,
    hydrate,
    view: widget.view,
    viewed: widget.viewed,
    notify: (event, word) =>
      emit(widget.element, event, {
        article: widget.embed.article.id,
        [{ share: 'channel', feedback: 'reference' }[event] || 'state']: word,
      }),
  });

  const enliven = async (widget) => {
    try {
      const glue = await (runtime ||= start());
      if (trapped || widget.stop || !widgets.has(widget)) return;
      if (widget.mount) takeOver(widget, glue);
      else showWasm(widget, glue);
    } catch (error) {
      warn('the interactive part could not start; the article is readable', error);
      if (!widget.mount) emit(widget.element, 'error', { reason: 'blocked' });
    }
  };

  const takeOver = (widget, glue) => {
    if (widget.element.shadowRoot.activeElement) {
      // The reader is in it: when they are out.
      widget.mount.addEventListener('focusout', () => setTimeout(enliven, 0, widget), { once: true });
      return;
    }
    // Changed by a page translator or an extension: what the reader made of it stays.
    if (!untouched(widget)) return;
    if (widget.embed.render !== glue.render()) return showWasm(widget, glue);
    widget.stop = () => {};
    keep(widget, glue.mount(widget.mount, widget.embed, mountOptions(widget, true)));
  };

  const showWasm = (widget, glue) => {
    const mount = newMount();
    widget.stop = () => {};
    const stop = glue.mount(mount, widget.embed, mountOptions(widget, false));
    if (trapped) return;
    const first = !widget.mount;
    place(widget, mount);
    keep(widget, stop);
    if (first) begin(widget);
  };

  // A trap in the call itself has already put the HTML back.
  const keep = (widget, stop) => {
    if (!trapped) widget.stop = stop;
  };

  const whenIdle = (widget) => {
    const go = () => enliven(widget);
    const idle = () => (window.requestIdleCallback ? requestIdleCallback(go, { timeout: 5e3 }) : setTimeout(go, 300));
    // Whoever reaches for the widget does not want to wait; whoever saves data has it only then.
    for (const sign of ['pointerenter', 'focusin']) {
      widget.mount.addEventListener(sign, go, { once: true });
    }
    if (navigator.connection?.saveData) return;
    if (document.readyState === 'complete') idle();
    else window.addEventListener('load', idle, { once: true });
  };

  // ---------------------------------------------------------------- counting

  // 50 % of itself or of the viewport, in a visible page, for one second without a break.
  const countWhenSeen = (widget) => {
    let timer;
    let covers = false;
    const check = () => {
      const seen = covers && document.visibilityState === 'visible';
      if (!seen) timer = clearTimeout(timer);
      else timer ||= setTimeout(count, VIEW_AFTER);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries[entries.length - 1];
        const height = entry.rootBounds ? entry.rootBounds.height : screen.availHeight;
        covers = entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= height / 2;
        check();
      },
      { threshold: Array.from({ length: 101 }, (_, i) => i / 100) },
    );
    const end = () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('visibilitychange', check);
    };
    const count = () => {
      end();
      report(widget, Date.now(), RETRY_FIRST);
    };
    observer.observe(widget.element);
    document.addEventListener('visibilitychange', check);
    widget.uncount = end;
  };

  // Sent again under the same id until the server has it: it never counts twice.
  const report = async (widget, since, wait) => {
    let response;
    try {
      response = await request(`${widget.server}/v1/views`, {
        method: 'POST',
        body: viewBody(widget),
        keepalive: true,
        credentials: 'omit',
      });
    } catch {
      // No network: as if the server were busy.
    }
    if (response?.ok) {
      widget.counted();
      emit(widget.element, 'view', { article: widget.embed.article.id, view: widget.view });
    } else if ((!response || response.status >= 500) && Date.now() - since < RETRY_UNTIL) {
      const asked = response?.headers.get('retry-after') * 1e3 || 0;
      setTimeout(report, Math.max(wait, asked), widget, since, wait * 2);
    }
  };

  // Written by hand: a toJSON on a prototype would corrupt JSON.stringify. No value can hold a quote.
  const viewBody = (widget) => {
    const shared = isOwnPage && /[?&]s=([a-z]-[0-9a-z]{1,13})(?:&|$)/.exec(location.search);
    return (
      `{"article":"${widget.embed.article.id}","view":"${widget.view}",` +
      `"page":"${location.origin}${location.pathname}"` +
      (shared ? `,"share":"${shared[1]}"}` : '}')
    );
  };

  // ---------------------------------------------------------------- one widget's life

  const address = (element) => {
    const src = element.getAttribute('src') || '';
    if (/\.json([?#]|$)/.test(src)) return src;
    const id = element.getAttribute('article') || '';
    if (!ID.test(id)) return;
    const query = [];
    const lang = element.getAttribute('lang');
    const shown = element.getAttribute('most-read');
    if (lang && /^[a-z-]{2,35}$/i.test(lang)) query.push(`lang=${lang}`);
    if (WINDOWS.includes(shown)) query.push(`window=${shown}`);
    return `${base}/v1/embed/${id}` + (query.length ? `?${query.join('&')}` : '');
  };

  const load = async (url) => {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), REQUEST_TIMEOUT);
    try {
      const response = await request(url, { signal: aborter.signal });
      if (!response.ok) throw new Error(`${response.status} for ${url}`);
      return await response.json();
    } finally {
      clearTimeout(timer);
    }
  };

  const open = async (element) => {
    const widget = { element, url: address(element), view: uuid() };
    widget.viewed = new Promise((resolve) => (widget.counted = resolve));
    widgets.add(widget);
    try {
      if (!widget.url) throw new Error('no valid article id');
      widget.embed = await load(widget.url);
      if (!widgets.has(widget)) return;
      if (!ID.test(widget.embed.article.id)) throw new Error('the answer is no article');
      widget.server = /\.json([?#]|$)/.test(widget.url) ? widget.embed.public_url : base;
      if (showHtml(widget)) begin(widget);
      else enliven(widget);
    } catch (error) {
      if (!widgets.has(widget)) return;
      linkOnly(element);
      warn('the article could not be had; the link stays', error);
      emit(element, 'error', { article: element.getAttribute('article'), reason: String(error) });
    }
  };

  const begin = (widget) => {
    countWhenSeen(widget);
    if (!widget.stop) {
      emit(widget.element, 'ready', { article: widget.embed.article.id, state: 'readable' });
      whenIdle(widget);
    }
  };

  // The short snippet brings no link of its own.
  const linkOnly = (element) => {
    if (element.firstElementChild || !ID.test(element.getAttribute('article'))) return;
    const link = document.createElement('a');
    link.href = link.textContent = `${base}/a/${element.getAttribute('article')}`;
    element.append(link);
  };

  const close = (element) => {
    for (const widget of widgets) {
      if (widget.element !== element) continue;
      widgets.delete(widget);
      widget.uncount?.();
      if (!trapped) widget.stop?.();
    }
  };

  // ---------------------------------------------------------------- finding the elements

  // One name, one class, many loaders: publishers and versions share this registry, whose shape stays.
  const registry = (window[Symbol.for(NAME)] ||= {
    loaders: [],
    owners: new WeakMap(),
    waiting: new Set(),
    find(element) {
      const src = (element.getAttribute('src') || '').replace(/\/+$/, '');
      const owner =
        this.owners.get(element) ||
        this.loaders.find((loader) => loader.base === src) ||
        this.loaders.find(({ base }) => !src || src.startsWith(`${base}/`) || /\.json([?#]|$)/.test(src));
      if (owner) this.owners.set(element, owner);
      return owner;
    },
    call(element, what) {
      const loader = this.find(element);
      if (loader) loader[what](element);
      else this.waiting[element.isConnected ? 'add' : 'delete'](element);
    },
  });

  let loader = registry.loaders.find((one) => one.base === base && one.version === RELEASE.version);
  if (!loader) {
    // Moving an element disconnects and connects it: it stays as it is.
    const opened = new WeakSet();
    loader = {
      base,
      version: RELEASE.version,
      connected(element) {
        if (opened.has(element)) return;
        opened.add(element);
        open(element);
      },
      disconnected(element) {
        queueMicrotask(() => {
          if (!element.isConnected && opened.delete(element)) close(element);
        });
      },
      changed(element) {
        if (!opened.has(element)) return;
        close(element);
        open(element);
      },
    };
    registry.loaders.push(loader);
  }

  if (!customElements.get(NAME)) {
    customElements.define(
      NAME,
      class extends HTMLElement {
        static observedAttributes = ['article', 'src', 'lang', 'most-read'];
        connectedCallback() {
          registry.call(this, 'connected');
        }
        disconnectedCallback() {
          registry.call(this, 'disconnected');
        }
        attributeChangedCallback() {
          registry.call(this, 'changed');
        }
      },
    );
  }

  for (const element of registry.waiting) {
    if (!registry.find(element)) continue;
    registry.waiting.delete(element);
    registry.call(element, 'connected');
  }

  // The short snippet: the element stands where its script stands, and belongs to that script's loader.
  if (script.dataset.article && !registry.owners.has(script)) {
    registry.owners.set(script, loader);
    const element = document.createElement(NAME);
    registry.owners.set(element, loader);
    for (const name of ['article', 'src', 'lang', 'theme', 'most-read', 'navigate']) {
      const value = script.getAttribute(`data-${name}`);
      if (value) element.setAttribute(name, value);
    }
    const stand = () => (script.closest('head') ? own('body').append(element) : script.after(element));
    if (own('body')) stand();
    else document.addEventListener('DOMContentLoaded', stand, { once: true });
  }
})();
