/*! article-widget, MIT OR Apache-2.0 */

// The loader. No dependency, no build but minifying. Reading order: what is fixed, finding the
// elements (at the end of the file), one widget's life, and its layers:
//   L0  the link in the snippet, which stands until there is something better;
//   L1  the server's HTML in a shadow root: one JSON request; the view is counted here;
//   L2  the same component as Wasm, when the page is idle: it hydrates that HTML.
(() => {
  const RELEASE = __RELEASE__;
  const NAME = 'article-widget';
  const ID = /^[\w.~-]{1,128}$/;
  const WINDOW = /^(rising|1h|24h|7d|30d|all|off)$/;
  // Properties of the element, and attributes under the same name in hyphens.
  const PROPERTIES = ['article', 'src', 'lang', 'theme', 'font', 'mostRead', 'share', 'navigate'];
  const attribute = (property) => property.replace('R', '-r');
  const REQUEST_TIMEOUT = 20e3;
  const VIEW_AFTER = 1e3;
  const PHONE = 600;
  const REST_AFTER = 40;
  const REST_PACE = 2;
  const RELEASE_AFTER = 500;
  const RETRY_FIRST = 5e3;
  const RETRY_LONGEST = 18e5;

  // An `<img name="currentScript">` in the page hides the document's own property, and so does a form of any
  // method's name: the prototype has them all.
  const document = new Proxy(window.document, {
    __proto__: null,
    get(own, name) {
      const value = Reflect.get(Document.prototype, name, own);
      return typeof value === 'function' ? (...values) => value.apply(own, values) : value;
    },
  });

  const script = document.currentScript || document.querySelector('script[src*="/embed.js"]');
  const [, base] = /^(https?:.*?)\/(?:v\/[^/]+\/)?embed\.js(?:[?#]|$)/.exec(script?.src) || [];
  if (!base) return;
  const publisher = new URL(base).origin;
  const isOwnPage = publisher === location.origin;

  let warned = false;
  const warn = (what, error) => {
    if (!warned) console.warn(`${NAME}: ${what}`, error);
    warned = true;
  };

  // Without a prototype, so that nothing put on Object.prototype becomes an option.
  const request = (url, options) =>
    fetch(url, { __proto__: null, credentials: 'same-origin', ...options });

  const emit = (element, event, detail) =>
    element.dispatchEvent(
      new CustomEvent(`${NAME}:${event}`, { bubbles: true, composed: true, detail }),
    );

  // Whose page this is. Of a frame with a page of the publisher's own it is the page around it, as far as
  // the browser tells.
  const around = isOwnPage && window !== top && (location.ancestorOrigins?.[0] || document.referrer);
  // A document that is written into a frame has the address of the page that wrote it for its base.
  const site = () => {
    const url = [around, location.href, document.baseURI].find((url) => /^http/.test(url));
    return new URL(url || 'about:blank');
  };

  // Origin and path, no query, and of the path what names a page.
  const page = () => site().origin + site().pathname.slice(0, 512);

  // Plain-http pages have no crypto.randomUUID; what is there everywhere makes one, too.
  const uuid = () => {
    const url = URL.createObjectURL(new Blob());
    URL.revokeObjectURL(url);
    return url.slice(-36);
  };

  // FNV-1a, 32 bits: the partner's half of a share mark. The server knows the origin behind it.
  const mark = (text) => {
    let hash = 0x811c9dc5;
    for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(), 0x01000193);
    return (hash >>> 0).toString(36);
  };
  const partner = site().origin === publisher ? undefined : mark(site().origin);

  // ---------------------------------------------------------------- L1: HTML in a shadow root

  const sheets = new Map();
  const style = (root, css) => {
    try {
      let sheet = sheets.get(css);
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        sheets.set(css, sheet);
      }
      root.adoptedStyleSheets = [sheet];
    } catch {
      const element = document.createElement('style');
      element.textContent = css;
      root.appendChild(element);
    }
  };

  const RULES = { __proto__: null, createHTML: (own) => own };
  let policy;
  const trusted = (html) => {
    policy ||= window.trustedTypes ? trustedTypes.createPolicy(NAME, RULES) : RULES;
    return policy.createHTML(html);
  };

  const SANITIZER = { __proto__: null, comments: true, removeElements: ['iframe'] };

  // Our renderer's HTML, which only comes from our server or the page's own, goes in here and nothing
  // else does. The mount stays empty where there is none, or the page allows no way.
  const insert = (mount, { url, embed: { html } }) => {
    const { origin } = new URL(url, document.baseURI);
    if (origin !== publisher && origin !== location.origin) return;
    try {
      if (mount.setHTML) mount.setHTML(html, { __proto__: null, sanitizer: SANITIZER });
      else mount.innerHTML = trusted(html);
    } catch {
      // Trusted Types, and not our policy.
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
    for (const { attributes } of partner ? menu.querySelectorAll('[href], [src]') : []) {
      for (const one of attributes) {
        one.value = one.value.replace(/([?F]s(?:=|%3D)[a-z]-)0(?![0-9a-z])/, `$1${partner}`);
      }
    }
  };

  const newMount = () => {
    const mount = document.createElement('div');
    mount.className = 'aw-mount';
    return mount;
  };

  // Pages may have closed every shadow root, to us too.
  const roots = new WeakMap();
  const rootOf = (element) => {
    const root = roots.get(element) || element.shadowRoot || element.attachShadow({ mode: 'open' });
    roots.set(element, root);
    return root;
  };

  const place = (widget, mount) => {
    const { element, embed } = widget;
    const root = rootOf(element);
    root.replaceChildren();
    style(root, embed.css);
    root.appendChild(mount);
    widget.mount = mount;
    release(element);
    readOn(widget);
  };

  // A `display` left there would defeat `hidden`. The room that the snippet reserved has served when all that is in
  // view is laid out.
  const release = ({ style }) => {
    if (style.display === 'flow-root') style.display = '';
    setTimeout(() => (style.minHeight = ''), RELEASE_AFTER);
  };

  // What is below a phone's first screen is laid out after it, a piece at a time: all of a long text takes a cheap
  // phone tenths of a second. Nobody looks there yet: it is the first that the element shows, in a page that was not
  // read before.
  const screenFirst = (mount, element) => {
    if (innerWidth > PHONE || isOwnPage || roots.has(element) || performance.navigation.type) return;
    const rest = mount.querySelectorAll('.aw-body>:nth-child(n+3),.aw-body~*,.aw-live');
    rest.forEach((part, place) => {
      part.hidden = true;
      setTimeout(() => (part.hidden = false), REST_AFTER + REST_PACE * place);
    });
  };

  const showHtml = (widget) => {
    const mount = newMount();
    insert(mount, widget);
    if (!mount.firstChild) return false;
    decorate(mount, widget.embed);
    screenFirst(mount, widget.element);
    place(widget, mount);
    // What is taken over is still as it came.
    widget.snapshot = mount.querySelector('.aw-live')?.innerHTML;
    return true;
  };

  // ---------------------------------------------------------------- L2: the same component as Wasm

  const asset = (name) => `${base}/v/${RELEASE.version}/${name}`;

  // import() takes no integrity: a modulepreload of the same URL checks it, and fails the import.
  const module = (name, integrity) => {
    const href = asset(name);
    return new Promise((resolve, reject) => {
      const link = document.createElement('link');
      const onerror = () => reject(new Error(`${href} is not as released`));
      Object.assign(link, { rel: 'modulepreload', href, integrity, crossOrigin: 'anonymous', nonce: script.nonce, onerror });
      link.onload = () => resolve(link.remove());
      if (!link.relList.supports('modulepreload')) onerror();
      document.head.appendChild(link);
    }).then(() => import(href));
  };

  const glue = () => module('widget.js', RELEASE.glue);

  const widgets = new Set();

  // After a trap. One that was put away is given its HTML when the reader comes back to it.
  const restore = (widget) => {
    if (widget.isAway) widget.mount = undefined;
    else if (!showHtml(widget)) linkOnly(widget);
  };

  const ONCE = { __proto__: null, once: true };

  const enliven = async (widget) => {
    if (widget.stop || !widgets.has(widget)) return;
    try {
      await (await glue()).enliven(widget, tools);
    } catch (error) {
      if (!widget.mount) throw error;
      warn('the interactive part failed', error);
    }
  };

  const whenIdle = (widget) => {
    // In a sandbox with an opaque origin, as WordPress's, no form can be sent: there, links do it all.
    if (origin === 'null') return;
    const go = () => enliven(widget);
    // Where there is no idle callback: as soon as all that waits has had its turn.
    const idle = () => (window.requestIdleCallback || setTimeout)(go, { timeout: 5e3 });
    // The lead picture is wanted first: on a slow network the Wasm would share its bytes.
    const picture = widget.mount.querySelector('[fetchpriority]');
    const later = () => (!picture || picture.complete ? idle() : (picture.onload = picture.onerror = idle));
    // Whoever reaches for the widget does not want to wait; whoever saves data has it only then. The element
    // hears it: of the mount, the Wasm keeps hold.
    for (const sign of ['pointerenter', 'focusin']) {
      widget.element.addEventListener(sign, go, ONCE);
    }
    if (navigator.connection?.saveData) return;
    if (document.prerendering) document.addEventListener('prerenderingchange', later, ONCE);
    else if (document.readyState === 'complete') later();
    else window.addEventListener('load', later, ONCE);
  };

  // ---------------------------------------------------------------- counting

  // 50 % of itself or of the viewport, in a visible page, for one second without a break. In a frame, the
  // viewport is the frame's own; the browser's window, where the frame is as high as its article.
  const countWhenSeen = (widget) => {
    let timer;
    let covers;
    // One is a half. Close together near 0, where the half of a viewport lies in an article of a hundred screens.
    const threshold = [...Array(99).keys()].map((i) => (i * i) / 9800);
    const check = () => {
      if (covers && !document.hidden) timer ||= setTimeout(count, VIEW_AFTER);
      else timer = clearTimeout(timer);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        const { boundingClientRect, intersectionRect, intersectionRatio } = entries.pop();
        const { width, height } = intersectionRect;
        covers =
          height > 0 &&
          width >= boundingClientRect.width / 2 &&
          (intersectionRatio >= 0.5 || height >= Math.min(innerHeight, outerHeight || screen.height) / 2);
        check();
      },
      { __proto__: null, threshold },
    );
    const end = () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('visibilitychange', check);
    };
    const count = () => {
      end();
      widget.isSeen = true;
      report(widget, RETRY_FIRST);
    };
    // A static file may name no server that counts; nobody reads what was withdrawn.
    if (widget.isSeen || !widget.server || widget.embed.article.status === 'canceled') return;
    observer.observe(widget.element);
    document.addEventListener('visibilitychange', check);
    widget.uncount = end;
  };

  // Sent again under the same id until the server has it, for an hour or so: it never counts twice.
  const report = async (widget, wait) => {
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
    } else if ((!response || response.status >= 500) && wait < RETRY_LONGEST && widgets.has(widget)) {
      const asked = response?.headers.get('retry-after') * 1e3 || 0;
      setTimeout(report, Math.min(Math.max(wait, asked), RETRY_LONGEST), widget, wait * 2);
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

  // Of the element's own article, or of another one of the same publisher.
  const address = (element, other) => {
    const src = element.getAttribute('src') || '';
    if (!other && isFile(src)) return src;
    const id = other || element.getAttribute('article') || '';
    if (!ID.test(id)) return;
    const lang = element.getAttribute('lang') || '';
    const shown = element.getAttribute('most-read');
    const query = [
      /^[\w-]{2,35}$/.test(lang) && `lang=${lang}`,
      WINDOW.test(shown) && `window=${shown}`,
    ].filter(Boolean);
    return `${base}/v1/embed/${id}` + (query[0] ? `?${query.join('&')}` : '');
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

  const newWidget = (element, other) => {
    const widget = { element, url: address(element, other), view: uuid() };
    widget.viewed = new Promise((resolve) => (widget.counted = resolve));
    return widget;
  };

  const read = async (widget) => {
    if (!widget.url) throw new Error('no article id');
    widget.embed = await load(widget.url);
    if (!ID.test(widget.embed.article.id)) throw new Error('no article');
    chooseChannels(widget);
    widget.server = isFile(widget.url) ? widget.embed.public_url : base;
  };

  // What the element showed before stays until there is something in its place.
  const show = async (widget) => {
    of(widget.element).forEach((other) => other.mount || end(other));
    widgets.add(widget);
    try {
      await read(widget);
      if (!widgets.has(widget)) throw new Error('superseded');
      endOthers(widget);
      if (showHtml(widget)) begin(widget);
      else await enliven(widget);
    } catch (error) {
      if (widgets.has(widget)) giveUp(widget, error);
      throw error;
    }
  };

  const open = (element) => {
    const shown = show(newWidget(element));
    // Who does not ask how it went is told by the event.
    shown.catch(() => {});
    return shown;
  };

  const giveUp = (widget, error) => {
    const { element } = widget;
    endOthers(widget);
    linkOnly(widget);
    warn('the article could not be shown; the link stays', error);
    emit(element, 'error', { article: element.getAttribute('article'), reason: `${error}` });
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
    // Some put the loader into the element, which is no link.
    const isOwn = !element.querySelector(':not(script)') && ID.test(id);
    const link = document.createElement(isOwn ? 'a' : 'slot');
    if (isOwn) link.href = link.textContent = `${base}/a/${id}`;
    try {
      rootOf(element).replaceChildren(link);
    } catch {
      // No shadow root may be made here: what the host has in it stays.
      if (isOwn) element.replaceChildren(link);
    }
    release(element);
  };

  const of = (element) => [...widgets].filter((widget) => widget.element === element);

  const end = (widget) => {
    widgets.delete(widget);
    widget.uncount?.();
    widget.stop?.();
  };

  const endOthers = (widget) => of(widget.element).forEach((other) => other === widget || end(other));

  // ---------------------------------------------------------------- reading on in place

  // What it takes is beside the Wasm, and needs none.
  const readOn = async (widget) => {
    if (!widget.mount || widget.element.getAttribute('navigate') !== 'inline') return;
    try {
      await (await glue()).readOn(widget, tools);
    } catch (error) {
      warn('the interactive part failed', error);
    }
  };

  // What www/live.js, a part of the glue, and www/inline.js ask of the loader. All are of one release:
  // nobody else relies on it.
  const tools = { request, widgets, newMount, place, page, partner, emit, warn, begin, restore, module, newWidget, read, showHtml, end };

  // ---------------------------------------------------------------- finding the elements

  // One name, one class, many loaders: publishers and versions share this registry. The first loader
  // of a page defines it for all others, of whatever version: its shape stays.
  const registry = (window[Symbol.for(NAME)] ||= {
    loaders: [],
    owners: new WeakMap(),
    waiting: new Set(),
    find(element) {
      const link = document.createElement('a');
      link.href = element.getAttribute('src') || '';
      const src = element.getAttribute('src') && link.href;
      return (
        this.loaders.find(({ base }) => src === base || src === `${base}/`) ||
        this.loaders.find(({ base }) => !src || src.startsWith(`${base}/`) || isFile(src))
      );
    },
    // `what`: connected, disconnected, changed (the attribute of that `name`), load, or dropped, for good.
    call(element, what, name) {
      let owner = this.owners.get(element);
      if (owner && name === 'src' && this.find(element) !== owner) {
        owner.dropped(element);
        this.owners.delete(element);
        owner = undefined;
      }
      const isWanted = what !== 'dropped' && element.isConnected;
      if (!owner && isWanted && (owner = this.find(element))) {
        this.owners.set(element, owner);
        if (name) what = 'connected';
      }
      this.waiting[!owner && isWanted ? 'add' : 'delete'](element);
      return owner?.[what](element, name);
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
        if (!opened.has(element)) this.load(element);
      },
      // Moving an element disconnects and connects it: it stays as it is, but in another document, where
      // our style sheets are not taken.
      disconnected(element) {
        queueMicrotask(() => {
          if (element.isConnected && element.ownerDocument === window.document) return;
          this.dropped(element);
          if (element.isConnected) this.connected(element);
        });
      },
      // Several attributes set in a row are one change. The style sees to theme and font.
      changed(element, name) {
        const shown = of(element);
        if (name === 'navigate') return shown.forEach(readOn);
        if (/theme|font/.test(name)) return;
        // What a reader is writing is worth more than another list or order.
        const isWriting = shown.some(({ mount }) => mount?.querySelector('form'));
        if (isWriting && !/^(src|article)$/.test(name)) return;
        changing.add(element);
        queueMicrotask(() => changing.delete(element) && opened.has(element) && open(element));
      },
      load(element) {
        changing.delete(element);
        opened.add(element);
        return open(element);
      },
      dropped(element) {
        if (!opened.delete(element)) return;
        of(element).forEach(end);
        linkOnly({ element });
      },
    };
    registry.loaders.push(loader);
  }

  if (!customElements.get(NAME)) {
    class Article extends HTMLElement {
      static observedAttributes = PROPERTIES.map(attribute);
      // From its first connection to `destroy`: one that is there already reports its attributes before.
      #active;
      connectedCallback() {
        // What was set before there was this class hides its properties.
        for (const name of PROPERTIES) {
          if (!this.hasOwnProperty(name)) continue;
          const value = this[name];
          delete this[name];
          this[name] = value;
        }
        this.#active ??= true;
        this.#tell('connected');
      }
      disconnectedCallback() {
        this.#tell('disconnected');
      }
      attributeChangedCallback(name, was, now) {
        if (was !== now) this.#tell('changed', name);
      }
      #tell(what, name) {
        if (this.#active) registry.call(this, what, name);
      }
      load(id) {
        this.#active = false;
        this.article = id;
        this.#active = true;
        return (this.isConnected && registry.call(this, 'load')) || Promise.reject(new Error('no loader'));
      }
      destroy() {
        this.#tell('dropped');
        this.#active = false;
      }
    }
    for (const property of PROPERTIES) {
      const name = attribute(property);
      Object.defineProperty(Article.prototype, property, {
        __proto__: null,
        configurable: true,
        get() {
          return this.getAttribute(name) || '';
        },
        // Frameworks take a property away with null or undefined.
        set(value) {
          if (value == null) this.removeAttribute(name);
          else this.setAttribute(name, value);
        },
      });
    }
    try {
      customElements.define(NAME, Article);
    } catch (error) {
      warn('the article could not be shown; the link stays', error);
    }
  }

  for (const element of [...registry.waiting]) registry.call(element, 'connected');

  // The short snippet: the element stands where its script stands, and belongs to that script's loader.
  if (script.dataset.article && !registry.owners.get(script)) {
    registry.owners.set(script, loader);
    const element = document.createElement(NAME);
    for (const name of PROPERTIES) element[name] = script.dataset[name];
    registry.owners.set(element, loader);
    // Of a script in the head, or that a tag manager has taken away again, nobody knows where.
    const stand = () =>
      script.closest('body') ? script.parentNode.insertBefore(element, script.nextSibling) : document.body.appendChild(element);
    if (document.body) stand();
    else document.addEventListener('DOMContentLoaded', stand, ONCE);
  }
})();
