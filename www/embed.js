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
  const WINDOWS = ['rising', '1h', '24h', '7d', '30d', 'all', 'off'];
  const ATTRIBUTES = ['article', 'src', 'lang', 'theme', 'most-read', 'share', 'navigate'];
  const REQUEST_TIMEOUT = 20e3;
  const VIEW_AFTER = 1e3;
  const RETRY_FIRST = 5e3;
  const RETRY_UNTIL = 36e5;

  // An `<img name="currentScript">` in the page hides the document's own property: ask the prototype.
  const own = (name) =>
    Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);

  const script = own('currentScript') || document.querySelector('script[src*="/embed.js"]');
  const [, base] = /^(https?:.*?)\/(?:v\/[^/]+\/)?embed\.js(?:[?#]|$)/.exec(script?.src) || [];
  if (!base || !window.customElements) return;
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

  // Whose page this is. Of a frame with a page of the publisher's own it is the page around it, as far as
  // the browser tells.
  const around = isOwnPage && window !== top && (location.ancestorOrigins?.[0] || document.referrer);
  const site = /^h/.test(around) ? new URL(around) : location;

  // Origin and path, no query, and of the path what names a page.
  const page = () => site.origin + site.pathname.slice(0, 512);

  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    let hex = '';
    // A loop: old libraries put an Array.from of their own in place.
    for (const byte of bytes) hex += (byte + 256).toString(16).slice(1);
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
  const partner = site.origin === new URL(base).origin ? undefined : mark(site.origin);

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

  // Our renderer's HTML, which only comes from our server or the page's own, goes in here and nothing
  // else does. False where there is none, or the page allows no way.
  const insert = (mount, { url, embed: { html } }) => {
    const { origin } = new URL(url, document.baseURI);
    try {
      if (origin !== new URL(base).origin && origin !== location.origin) return false;
      if (mount.setHTML) mount.setHTML(html, { __proto__: null, sanitizer: SANITIZER });
      else mount.innerHTML = trusted(html);
      return !!html;
    } catch {
      return false;
    }
  };

  // The JSON and the HTML are the same for every partner. Which of the publisher's ways to share this page
  // offers goes into both here, to the same result; 'off' is none, where an empty list would be all.
  const chooseChannels = ({ element, embed }) => {
    const wanted = element.getAttribute('share');
    if (!wanted) return;
    const settings = (embed.settings ||= {});
    const offered = settings.channels;
    const isOffered = (name) => !offered?.length || offered.includes(name);
    settings.channels = ['off', ...[...new Set(wanted.split(/[, ]/))].filter(isOffered)];
  };

  // Whose page this is goes into the share links.
  const decorate = (mount, { settings }) => {
    const menu = mount.querySelector('.aw-menu');
    if (!menu) return;
    const items = [...menu.children];
    if (settings?.channels?.length) {
      const named = (name) => items.filter(({ dataset }) => dataset.channel === name);
      menu.replaceChildren(...settings.channels.flatMap(named));
    }
    if (!menu.firstChild) menu.parentNode.remove();
    for (const name of partner ? ['href', 'src'] : []) {
      for (const link of menu.querySelectorAll(`[${name}]`)) {
        const url = link.getAttribute(name);
        link.setAttribute(name, url.replace(/([?F]s(?:=|%3D)[a-z]-)0(?![0-9a-z])/, `$1${partner}`));
      }
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
    release(element);
  };

  // The room that the snippet reserved has served; a `display` left there would defeat `hidden`.
  const release = ({ style }) => {
    style.minHeight = '';
    if (style.display === 'flow-root') style.display = '';
  };

  // The mount's HTML as it came: a menu that the reader opened is no change.
  const closed = (mount) => mount.innerHTML.replace(/(<details[^>]*?) open=""/g, '$1');

  const showHtml = (widget) => {
    const mount = newMount();
    if (!insert(mount, widget)) return false;
    decorate(mount, widget.embed);
    place(widget, mount);
    widget.snapshot = closed(mount);
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

  // The header of a module with nothing in it: whether the page allows any Wasm.
  const allowsWasm = () => {
    try {
      return !!new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    } catch {
      return false;
    }
  };

  const start = async () => {
    if (!allowsWasm()) throw new Error('the page forbids Wasm');
    const glueUrl = asset('widget.js');
    const wasm = request(asset('widget.wasm'), { integrity: RELEASE.wasm });
    // Awaited below: should the glue fail first, nobody else hears of it.
    wasm.catch(() => {});
    await preload(glueUrl, RELEASE.glue);
    const glue = await import(glueUrl);
    // The glue takes a plain object only, and reads this one key of its own.
    await glue.default({ module_or_path: await wasm });
    return glue;
  };

  // Another widget, or the next sign of interest, may find the network mended.
  const forget = (error) => {
    runtime = undefined;
    throw error;
  };

  // What the glue's www/live.js asks of the loader. Both are of one release: nobody else relies on it.
  const tools = { widgets, newMount, place, closed, page, partner, emit, warn, begin: (widget) => begin(widget), restore: (widget) => showHtml(widget) || linkOnly(widget) };

  const enliven = async (widget) => {
    if (widget.stop || !widgets.has(widget)) return;
    try {
      const glue = await (runtime ||= start().catch(forget));
      if (widgets.has(widget)) glue.enliven(widget, tools);
    } catch (error) {
      if (widget.mount) warn('the interactive part could not start; the article is readable', error);
      else giveUp(widget, error);
    }
  };

  const whenIdle = (widget) => {
    // In a sandbox with an opaque origin, as WordPress's, no form can be sent: there, links do it all.
    if (origin === 'null') return;
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
    // Close together near 0, where the half of a viewport lies in an article of a hundred screens.
    const steps = [0.5];
    for (let i = 0; i <= 100; i++) steps.push((i / 100) ** 2);
    const check = () => {
      const seen = covers && document.visibilityState === 'visible';
      if (!seen) timer = clearTimeout(timer);
      else timer ||= setTimeout(count, VIEW_AFTER);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        const { rootBounds, boundingClientRect, intersectionRect, intersectionRatio } = entries[entries.length - 1];
        const { width, height } = intersectionRect;
        const room = rootBounds ? rootBounds.height : screen.availHeight;
        covers =
          height > 0 &&
          width >= boundingClientRect.width / 2 &&
          (intersectionRatio >= 0.5 || height >= room / 2);
        check();
      },
      { threshold: steps },
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
    // A static file may name no server that counts; nobody reads what was withdrawn.
    if (!widget.server || widget.embed.article.status === 'canceled') return;
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
      setTimeout(report, Math.min(Math.max(wait, asked), RETRY_UNTIL), widget, since, wait * 2);
    }
  };

  // Written by hand: a toJSON on a prototype would corrupt JSON.stringify. No value can hold a quote.
  const viewBody = (widget) => {
    const shared = isOwnPage && /[?&]s=([a-z]-[0-9a-z]{1,13})(?:&|$)/.exec(location.search);
    return (
      `{"article":"${widget.embed.article.id}","view":"${widget.view}",` +
      `"page":"${page()}"` +
      (shared ? `,"share":"${shared[1]}"}` : '}')
    );
  };

  // ---------------------------------------------------------------- one widget's life

  const isFile = (src) => /\.json([?#]|$)/.test(src);

  const address = (element) => {
    const src = element.getAttribute('src') || '';
    if (isFile(src)) return src;
    const id = element.getAttribute('article') || '';
    if (!ID.test(id)) return;
    const query = [];
    const lang = element.getAttribute('lang');
    const shown = element.getAttribute('most-read');
    if (lang && /^[\w-]{2,35}$/.test(lang)) query.push(`lang=${lang}`);
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
      if (!ID.test(widget.embed.article.id)) throw new Error('the answer is no article');
    } catch (error) {
      if (widgets.has(widget)) giveUp(widget, error);
      return;
    }
    if (!widgets.has(widget)) return;
    chooseChannels(widget);
    widget.server = isFile(widget.url) ? widget.embed.public_url : base;
    if (showHtml(widget)) begin(widget);
    else enliven(widget);
  };

  const giveUp = (widget, error) => {
    const { element } = widget;
    linkOnly(widget);
    warn('the article could not be shown; the link stays', error);
    emit(element, 'error', { article: element.getAttribute('article'), reason: String(error) });
  };

  const begin = (widget) => {
    countWhenSeen(widget);
    if (!widget.stop) {
      emit(widget.element, 'ready', { article: widget.embed.article.id, state: 'readable' });
      whenIdle(widget);
    }
  };

  // Back to L0. The short snippet brings no link of its own.
  const linkOnly = ({ element }) => {
    const id = element.getAttribute('article') || '';
    element.shadowRoot?.replaceChildren(document.createElement('slot'));
    release(element);
    if (element.firstElementChild || !ID.test(id)) return;
    const link = document.createElement('a');
    link.href = link.textContent = `${base}/a/${id}`;
    element.append(link);
  };

  const close = (element) => {
    for (const widget of widgets) {
      if (widget.element !== element) continue;
      widgets.delete(widget);
      widget.uncount?.();
      widget.stop?.();
      element.shadowRoot?.replaceChildren(document.createElement('slot'));
    }
  };

  // ---------------------------------------------------------------- finding the elements

  // One name, one class, many loaders: publishers and versions share this registry. The first loader
  // of a page defines it for all others, of whatever version: its shape stays.
  const registry = (window[Symbol.for(NAME)] ||= {
    loaders: [],
    owners: new WeakMap(),
    waiting: new Set(),
    find(element) {
      const given = element.getAttribute('src') || '';
      let src = given;
      try {
        if (given) src = new URL(given, document.baseURI).href;
      } catch {
        // No URL: nobody's.
      }
      return (
        this.loaders.find(({ base }) => src === base || src === `${base}/`) ||
        this.loaders.find(({ base }) => !src || src.startsWith(`${base}/`) || isFile(src))
      );
    },
    // `what`: connected, disconnected or changed; `name`: the attribute that was.
    call(element, what, name) {
      let owner = this.owners.get(element);
      if (owner && name === 'src' && this.find(element) !== owner) {
        owner.dropped(element);
        this.owners.delete(element);
        owner = undefined;
      }
      if (!owner && element.isConnected && (owner = this.find(element))) {
        this.owners.set(element, owner);
        what = 'connected';
      }
      if (owner) owner[what](element, name);
      this.waiting[!owner && element.isConnected ? 'add' : 'delete'](element);
    },
  });

  let loader = registry.loaders.find((one) => one.base === base && one.version === RELEASE.version);
  if (!loader) {
    const opened = new Set();
    const changing = new Set();
    loader = {
      base,
      version: RELEASE.version,
      connected(element) {
        if (opened.has(element)) return;
        opened.add(element);
        open(element);
      },
      // Moving an element disconnects and connects it: it stays as it is.
      disconnected(element) {
        queueMicrotask(() => element.isConnected || this.dropped(element));
      },
      // Several attributes set in a row are one change. The style sees to the theme.
      changed(element, name) {
        if (name === 'theme' || name === 'navigate' || changing.has(element)) return;
        // What a reader is writing is worth more than another list or order.
        if (!/^(src|article)$/.test(name) && element.shadowRoot?.querySelector('form')) return;
        changing.add(element);
        queueMicrotask(() => {
          changing.delete(element);
          this.dropped(element);
          if (element.isConnected && registry.owners.get(element) === this) this.connected(element);
        });
      },
      dropped(element) {
        if (opened.delete(element)) close(element);
      },
    };
    registry.loaders.push(loader);
  }

  if (!customElements.get(NAME)) {
    customElements.define(
      NAME,
      class extends HTMLElement {
        static observedAttributes = ATTRIBUTES;
        // An element that is there already reports each of its attributes before it connects.
        #connected = false;
        connectedCallback() {
          this.#connected = true;
          registry.call(this, 'connected');
        }
        disconnectedCallback() {
          registry.call(this, 'disconnected');
        }
        attributeChangedCallback(name, was, now) {
          if (this.#connected && was !== now) registry.call(this, 'changed', name);
        }
      },
    );
  }

  for (const element of [...registry.waiting]) registry.call(element, 'connected');

  // The short snippet: the element stands where its script stands, and belongs to that script's loader.
  if (script.dataset.article && !registry.owners.get(script)) {
    registry.owners.set(script, loader);
    const element = document.createElement(NAME);
    for (const name of ATTRIBUTES) {
      const value = script.getAttribute(`data-${name}`);
      if (value) element.setAttribute(name, value);
    }
    registry.owners.set(element, loader);
    const stand = () => (script.closest('head') ? own('body').append(element) : script.after(element));
    if (own('body')) stand();
    else document.addEventListener('DOMContentLoaded', stand, { once: true });
  }
})();
