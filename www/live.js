// How a widget that can be read becomes one that answers. The loader imports it with the glue, to which the
// build appends it, when a page is idle; `loader` is the loader's tools, `widget` one widget of its own:
//   element, url, server, embed, view, viewed   what it is, and what was answered
//   mount, snapshot                             its HTML, and that HTML as it came
//   stop                                        set here: it is alive

// The digest of the Wasm, which the build fills in.
const WASM = __WASM__;

const alive = new Set();

let starting;
let turn;

/**
 * Hydrates the widget's HTML, or renders where there is none, or one that is not of this release.
 * Does nothing where the instance is dead, or the reader made the HTML their own. One widget a task: where
 * there are twenty, the page has its own turn between them.
 */
export async function enliven(widget, loader) {
  // Another widget, or the next sign of interest, may find the network mended.
  await (starting ||= instantiate(loader).catch((error) => {
    starting = undefined;
    throw error;
  }));
  turn = Promise.resolve(turn).then(() => new Promise((resolve) => setTimeout(resolve)));
  await turn;
  if (!loader.isCurrent(widget) || dead || widget.stop) return;
  // The Wasm instance is lost with every widget in it: each goes back to its HTML, or to its link.
  onTrap((error) => {
    loader.warn("the interactive part stopped; the article stays", error);
    for (const widget of alive) {
      widget.stop = undefined;
      loader.restore(widget);
    }
  });
  if (widget.mount) takeOver(widget, loader);
  else show(widget, loader);
}

async function instantiate(loader) {
  // The header of a module with nothing in it: throws where the page forbids Wasm, which then is not fetched.
  new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const wasm = await loader.request(new URL("widget.wasm", import.meta.url), { integrity: WASM });
  // It takes a plain object only, and reads this one key of its own.
  await __wbg_init({ module_or_path: wasm });
}

function takeOver(widget, loader) {
  const { mount } = widget;
  const focused = mount.getRootNode().activeElement;
  // On a title, where www/inline.js puts it, the focus hinders nothing.
  if (focused && !focused.matches(".aw-title")) {
    // The reader is in it: when they are out.
    mount.addEventListener("focusout", () => setTimeout(enliven, 0, widget, loader), { __proto__: null, once: true });
    return;
  }
  // Changed by a page translator or an extension: what the reader made of it stays.
  if (loader.closed(mount) !== widget.snapshot) return;
  if (widget.embed.render !== render()) return show(widget, loader);
  watchMenu(mount);
  start(widget, mount, true, loader);
}

function show(widget, loader) {
  const first = !widget.mount;
  const made = loader.newMount();
  watchMenu(made);
  start(widget, made, false, loader);
  if (dead) return;
  loader.place(widget, made);
  if (first) loader.begin(widget);
}

function start(widget, target, hydrate, { page, partner, emit }) {
  const { url, server, embed, view, viewed, element } = widget;
  const id = embed.article.id;
  const details = { share: "channel", feedback: "reference" };
  const notify = (event, word) => emit(element, event, { article: id, [details[event] || "state"]: word });
  const options = { src: url, server, lang: embed.lang, page: page(), partner, hydrate, view, viewed, notify };
  // A trap in the call itself puts the HTML back, of a widget that is alive already.
  alive.add(widget);
  widget.stop = () => {};
  let stop;
  try {
    stop = mount(target, embed, { __proto__: null, ...options });
  } catch (error) {
    alive.delete(widget);
    widget.stop = undefined;
    throw error;
  }
  if (dead) return;
  widget.stop = () => {
    alive.delete(widget);
    stop();
  };
}

// The digest of www/inline.js, which the build fills in.
const INLINE = __INLINE__;

/** Lets the widget's readers read on in place. What does so is fetched for them alone, and needs no Wasm. */
export async function readOn(widget, loader) {
  const { attach } = await loader.module("inline.js", INLINE);
  attach(widget, loader);
}
