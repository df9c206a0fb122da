// How a widget that can be read becomes one that answers. The loader imports it with the glue, to which the
// build appends it, when a page is idle; `loader` is the loader's tools, `widget` one widget of its own:
//   element, url, server, embed, view, viewed   what it is, and what was answered
//   mount, snapshot                             its HTML, and the live part of that HTML as it came
//   stop                                        set here: it is alive

const alive = new Set();

let turn;
let isLost = false;

/**
 * Hydrates the live part of the widget's HTML, or renders it where it is of another release; where there is no HTML,
 * renders all of it. Does nothing where an instance is dead, or the reader made the HTML their own. One widget a task:
 * where there are twenty, the page has its own turn between them.
 */
export async function enliven(widget, loader) {
  await boot(loader.request);
  turn = Promise.resolve(turn).then(() => new Promise((resolve) => setTimeout(resolve)));
  await turn;
  if (!isCurrent(widget, loader) || isLost || widget.stop) return;
  onTrap((error) => lose(error, loader));
  const place = widget.mount?.querySelector(".aw-live");
  if (place) takeOver(widget, place, loader);
  else await show(widget, loader);
}

// Both instances are lost with every widget in them: each goes back to its HTML, or to its link.
function lose(error, loader) {
  if (isLost) return;
  isLost = true;
  die(error);
  dieToo(error);
  loader.warn("the interactive part stopped; the article stays", error);
  for (const widget of alive) {
    widget.stop = undefined;
    loader.restore(widget);
  }
}

// Whether it is what its element shows, or will: www/inline.js puts others away.
const isCurrent = (widget, { widgets }) => widgets.has(widget) && !widget.isAway;

function takeOver(widget, place, loader) {
  const { mount } = widget;
  if (place.contains(mount.getRootNode().activeElement)) {
    // The reader is in it: when they are out.
    place.addEventListener("focusout", () => setTimeout(enliven, 0, widget, loader), { __proto__: null, once: true });
    return;
  }
  // Changed by a page translator or an extension: what the reader made of it stays. A menu that is open is no change.
  const closed = place.innerHTML.replace(/(<details[^>]*?) open=""/g, "$1");
  if (closed === widget.snapshot) start(widget, place, true, loader);
}

async function show(widget, loader) {
  const { article } = await second(loader);
  if (!isCurrent(widget, loader) || isLost || alive.has(widget)) return;
  const first = !widget.mount;
  const made = loader.newMount();
  let stopText;
  // Where the instance dies over it, the promise is never kept: the widget is among those that are put back.
  alive.add(widget);
  try {
    await new Promise((ready) => (stopText = article(made, widget.embed, { __proto__: null, ready })));
  } finally {
    alive.delete(widget);
  }
  if (isLost) return;
  if (!isCurrent(widget, loader)) return stopText();
  start(widget, made.querySelector(".aw-live"), false, loader, stopText);
  if (isLost) return;
  loader.place(widget, made);
  if (first) loader.begin(widget);
}

function start(widget, place, hydrate, loader, stopText) {
  const { url, server, embed, view, viewed, element } = widget;
  const id = embed.article.id;
  const details = { __proto__: null, share: "channel", feedback: "reference" };
  const notify = (event, word) => loader.emit(element, event, { article: id, [details[event] || "state"]: word });
  const page = { __proto__: null, src: url, server, page: loader.page(), partner: loader.partner, hydrate, view, viewed, notify };
  const forms = new Forms(place, embed, page, loader);
  page.form = (name, about) => forms.open(name, about);
  watchMenu(place);
  // A trap in the call itself puts the HTML back, of a widget that is alive already.
  alive.add(widget);
  widget.stop = () => {};
  let stop;
  try {
    stop = live(place, embed, page);
  } catch (error) {
    alive.delete(widget);
    widget.stop = undefined;
    throw error;
  }
  if (isLost) return;
  widget.stop = () => {
    alive.delete(widget);
    forms.stop();
    stop();
    stopText?.();
  };
}

// The digest of www/inline.js, which the build fills in.
const INLINE = __INLINE__;

/** Lets the widget's readers read on in place. What does so is fetched for them alone, and needs no Wasm. */
export async function readOn(widget, loader) {
  const { attach } = await loader.module("inline.js", INLINE);
  attach(widget, loader);
}
