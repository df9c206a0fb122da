// The second Wasm module, for whoever reaches for a form: the forms are of it.

// The digest of its glue, which the build fills in.
const MORE = __MORE__;

// What opens a form. Whoever comes near is likely to want it.
const OPENERS = "[data-open], [data-channel=email], .aw-passage";
const BUSY = "aria-busy";

let more;

/** A promise of the second module, which is fetched once; again where it did not come. */
function second(loader) {
  const begin = async () => {
    const module = await loader.module("more.js", MORE);
    await module.default(loader.request);
    module.onTrap((error) => lose(error, loader));
    return module;
  };
  return (more ||= begin().catch((error) => {
    more = undefined;
    throw error;
  }));
}

/** Gives up what came of it: the first instance has died. */
function dieToo(error) {
  more?.then((module) => module.die(error), () => {});
}

/** The forms of one widget. */
class Forms {
  constructor(place, embed, page, loader) {
    Object.assign(this, { place, embed, page, loader });
    const fetchEarly = ({ target }) => target.closest(OPENERS) && second(loader).catch(() => {});
    for (const sign of ["pointerover", "focusin"]) place.addEventListener(sign, fetchEarly);
  }

  /** Opens a form, or puts it away; with words of the article it opens, to be about them. */
  async open(name, about) {
    const button = this.place.querySelector(name === "mail" ? ".aw-share>summary" : "[data-open]");
    if (button.hasAttribute(BUSY)) return;
    if (this.hasFailed) {
      // What was opened so long after a click the browser may have blocked.
      this.hasFailed = false;
      return this.follow(name);
    }
    button.setAttribute(BUSY, true);
    try {
      const { forms } = await second(this.loader);
      if (this.isOver || isLost) return;
      this.made ||= forms(this.place.querySelector(".aw-panels"), this.embed, this.page);
      // A trap in it has put the HTML back.
      if (!isLost) this.made.toggle(name, about);
    } catch (error) {
      this.hasFailed = true;
      this.loader.warn("the form could not start; a link leads to it", error);
      this.follow(name);
    } finally {
      button.removeAttribute(BUSY);
    }
  }

  // Where the button leads without a script: to the publisher's own form, or to the reader's mail program.
  follow(name) {
    const mail = name === "mail" && this.place.querySelector("[data-channel=email] a");
    if (mail) return mail.click();
    // Not the document's own method, which a form of the host's may hide by its name.
    const link = Document.prototype.createElement.call(document, "a");
    const href = `${this.embed.public_url}/a/${this.embed.article.id}/feedback`;
    Object.assign(link, { href, target: "_blank", rel: "noopener" }).click();
  }

  stop() {
    this.isOver = true;
    this.made?.stop();
  }
}
