// Reading on in place, where the partner chose `navigate="inline"`: a click in the most-read list shows
// that article in the same widget, under a way back. `attach` is called for every mount that the loader
// places; `loader` is the loader's tools. A widget is what www/live.js says, and here:
//   former   the widget that the reader came from
//   left     how it was: the link that was clicked, and how far everything around was scrolled
//   isAway   it was put away as it is, with whatever the reader wrote in it, and does not come alive; when
//            the element is given another article, or goes, the loader ends it with the one that is shown
// The page's history, location and hash are never touched: it is the host's.

const BASE = import.meta.url.replace(/[/]v[/][^/]+[/]inline[.]js.*$/, "");
const SIGNS = ["pointerover", "focusin", "touchstart"];
const attached = new WeakSet();
// Links that are to be followed as links: their article could not be had.
const plain = new WeakSet();
const prefetched = new Set();
// For each element the mount and the widget of the link that was clicked last.
const asked = new WeakMap();

/**
 * Makes the links of a widget that is shown load in place, and adds the way back where there is one.
 * Once for each mount, however often it is called.
 */
export function attach(widget, loader) {
  const { mount, former } = widget;
  if (!isCurrent(widget, loader)) return;
  if (former && !mount.parentNode.querySelector(".aw-bar")) mount.before(backBar(widget, loader));
  if (attached.has(mount)) return;
  attached.add(mount);
  mount.addEventListener("click", (event) => follow(event, widget, loader));
  for (const sign of SIGNS) {
    mount.addEventListener(sign, (event) => prefetch(event, widget, loader), { passive: true });
  }
}

// The link below an event, and the id of its article: one of the same publisher.
function linkOf({ target }, { element }) {
  const link = target.closest?.(".aw-rank");
  const id = link?.href.startsWith(`${BASE}/a/`) && link.href.slice(BASE.length + 3);
  const isInline = element.getAttribute("navigate") === "inline";
  return isInline && /^[\w.~-]{1,128}$/.test(id) ? { link, id } : {};
}

// Into the browser's cache, which keeps it for as long as the publisher says.
function prefetch(event, widget, loader) {
  const { id } = linkOf(event, widget);
  if (!id || id === widget.embed.article.id || navigator.connection?.saveData) return;
  const next = loader.newWidget(widget.element, id);
  if (prefetched.has(next.url)) return;
  prefetched.add(next.url);
  loader.read(next).catch(() => prefetched.delete(next.url));
}

async function follow(event, widget, loader) {
  const { link, id } = linkOf(event, widget);
  if (!id || !isPlainClick(event) || link.target === "_blank" || plain.delete(link)) return;
  event.preventDefault();
  const { element } = widget;
  if (id === widget.embed.article.id) return look(widget);
  const next = kept(element, id, loader) || loader.newWidget(element, id);
  setAsked(widget, next);
  try {
    if (!next.embed) await loader.read(next);
    if (asked.get(element)?.next === next && isCurrent(widget, loader)) show(next, widget, link, loader);
  } catch {
    if (isCurrent(widget, loader)) {
      plain.add(link);
      link.click();
    }
  } finally {
    if (asked.get(element)?.next === next) setAsked(widget);
  }
}

function isPlainClick({ defaultPrevented, button, altKey, ctrlKey, metaKey, shiftKey }) {
  return !(defaultPrevented || button || altKey || ctrlKey || metaKey || shiftKey);
}

// The mount says that something is on its way: inside it nothing may change before it is alive.
function setAsked({ element, mount }, next) {
  asked.get(element)?.mount.removeAttribute("aria-busy");
  asked.set(element, { mount, next });
  if (next) mount.setAttribute("aria-busy", "true");
}

const isCurrent = (widget, { widgets }) => widgets.has(widget) && !widget.isAway;
const isWriting = ({ mount }) => mount?.querySelector("form");

// One that the reader left by the way back, with a form open in it.
function kept(element, id, { widgets }) {
  const isIt = (one) => one.element === element && one.isKept && one.embed.article.id === id && isWriting(one);
  return [...widgets].find(isIt);
}

function show(next, widget, link, loader) {
  const left = { href: link.href, boxes: scrolled(widget.element) };
  // Where the page lets no HTML in, nothing has changed yet.
  if (next.mount) loader.place(next, next.mount);
  else if (!loader.showHtml(next)) throw new Error("no way to show it");
  putAway(widget);
  Object.assign(next, { former: widget, left, isAway: false, isKept: false });
  loader.widgets.add(next);
  attach(next, loader);
  loader.begin(next);
  look(next);
}

function putAway(widget) {
  widget.uncount?.();
  widget.isAway = true;
}

// To the top and the title, which tells those who hear the page what came.
function look({ element, mount }) {
  if (element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: "start", behavior: "instant" });
  const title = mount.querySelector(".aw-title") || element.shadowRoot.querySelector(".aw-back");
  title?.focus({ preventScroll: true });
}

function back(widget, loader) {
  const { former, left } = widget;
  putAway(widget);
  // A form that is open is worth keeping: who follows the same link again finds it as it was.
  widget.isKept = true;
  if (!isWriting(widget)) loader.end(widget);
  former.isAway = false;
  // Put away without HTML: the Wasm ended meanwhile.
  if (former.mount) loader.place(former, former.mount);
  else loader.showHtml(former);
  attach(former, loader);
  loader.begin(former);
  if (former.stop) loader.emit(former.element, "ready", { article: former.embed.article.id, state: "live" });
  for (const [box, top] of left.boxes) box.scrollTo({ top, behavior: "instant" });
  const links = [...former.mount.querySelectorAll(".aw-rank")];
  const link = links.find(({ href }) => href === left.href) || former.mount.querySelector(".aw-title");
  link?.focus({ preventScroll: true });
}

// Everything around the element that can scroll, with how far it is.
function scrolled(element) {
  const boxes = [];
  for (let node = element; node; node = node.assignedSlot || node.parentNode || node.host) {
    if (node.scrollTop) boxes.push([node, node.scrollTop]);
  }
  return boxes;
}

function backBar(widget, loader) {
  const { lang, messages } = widget.embed;
  const bar = loader.newMount();
  const inner = document.createElement("div");
  const button = document.createElement("button");
  const sign = document.createElement("span");
  inner.className = "aw aw-bar";
  inner.lang = lang;
  inner.dir = widget.mount.firstElementChild?.dir || "";
  button.type = "button";
  button.className = "aw-link aw-back";
  button.setAttribute("part", "back");
  button.addEventListener("click", () => back(widget, loader));
  sign.textContent = "‹ ";
  sign.setAttribute("aria-hidden", "true");
  button.append(sign, messages["navigate.back"]);
  inner.append(button);
  bar.append(inner);
  return bar;
}
