/**
 * The types of `<article-widget>`: its properties, methods and events, and how its loader is put into a page.
 * What each is good for: docs/host-contract.md, from which a test keeps this.
 */

/** The window of the most-read list; `off`: no list. */
export type MostReadWindow = "1h" | "24h" | "7d" | "30d" | "all" | "rising" | "off";

/** What an element can be given, under the names of the properties. */
export interface ArticleWidgetProperties {
  /** The article's id at its publisher. */
  article: string;
  /** The publisher's server, or the URL of a static JSON file. */
  src: string;
  /** The interface's language, a BCP 47 tag. Without it: the article's own. */
  lang: string;
  /** Light, dark, or as the page around it. */
  theme: "auto" | "light" | "dark" | "";
  /** The page's own font instead of the widget's. */
  font: "host" | "";
  /** The window of the most-read list. As an attribute: `most-read`. */
  mostRead: MostReadWindow | "";
  /** Ways to share in their order, with commas, or `off`. */
  share: string;
  /** Whether a link of the most-read list leads away, or loads in place. */
  navigate: "link" | "inline" | "";
}

/** The same under the names of the attributes. All may be left out. */
export interface ArticleWidgetAttributes
  extends Partial<Omit<ArticleWidgetProperties, "mostRead">> {
  /** The window of the most-read list. */
  "most-read"?: MostReadWindow | "";
}

/** `<article-widget>`. The element is given its class by the publisher's loader. */
export interface ArticleWidgetElement extends HTMLElement, ArticleWidgetProperties {
  // The platform's own, which both of the above have.
  lang: string;

  /**
   * Shows another article in this element, also after `destroy`. What is shown stays until then.
   * @param id The article's id at the publisher of `src`.
   * @returns Kept when the article is readable. Broken where it cannot be shown, where another one was asked for
   * or the element was destroyed before it came, and where no loader of its `src` is in the page.
   */
  load(id: string): Promise<void>;

  /** Back to the link. Nothing runs, listens or observes any more, until `load`. */
  destroy(): void;

  addEventListener<Type extends keyof ArticleWidgetEventMap>(
    type: Type,
    listener: (this: ArticleWidgetElement, event: ArticleWidgetEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (this: ArticleWidgetElement, event: HTMLElementEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof ArticleWidgetEventMap>(
    type: Type,
    listener: (this: ArticleWidgetElement, event: ArticleWidgetEventMap[Type]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (this: ArticleWidgetElement, event: HTMLElementEventMap[Type]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** What every event tells. */
export interface ArticleDetail {
  /** The id of the article that it is about: where a reader reads on in place, not the attribute's. */
  article: string;
}

/** The article is readable; then again when it is interactive. */
export interface ReadyDetail extends ArticleDetail {
  state: "readable" | "live";
}

/** The server has taken the view. */
export interface ViewDetail extends ArticleDetail {
  /** The view's random id. */
  view: string;
}

/** The reader shared. */
export interface ShareDetail extends ArticleDetail {
  /** A way to share, `passage`, or `sent`. */
  channel: string;
}

/** The reader's feedback was taken. */
export interface FeedbackDetail extends ArticleDetail {
  /** What a reader can quote. */
  reference: string;
}

/** The article could not be shown. */
export interface ErrorDetail {
  /** The element's `article`, if it has one. */
  article: string | null;
  /** For people who look into it; no program should read it. */
  reason: string;
}

/** The events of an element. They bubble out of it, up to the window. */
export interface ArticleWidgetEventMap {
  "article-widget:ready": CustomEvent<ReadyDetail>;
  "article-widget:view": CustomEvent<ViewDetail>;
  "article-widget:share": CustomEvent<ShareDetail>;
  "article-widget:feedback": CustomEvent<FeedbackDetail>;
  "article-widget:error": CustomEvent<ErrorDetail>;
}

/** Where the loader comes from. */
export interface LoadOptions {
  /** The publisher's server. */
  src: string;
  /** A release to stay with. Without it: the server's newest. */
  version?: string;
  /** The digest of that release's loader, `sha384-…`; the browser then runs no other. */
  integrity?: string;
  /** The page's nonce. Without it: that of another script in the page, where there is one. */
  nonce?: string;
}

/**
 * Puts a publisher's loader into the page, once. Does nothing where there is no document.
 * @returns Kept when `<article-widget>` has its class. Broken where the loader cannot be had.
 */
export declare function load(options: LoadOptions): Promise<void>;

declare global {
  interface HTMLElementTagNameMap {
    "article-widget": ArticleWidgetElement;
  }
  interface HTMLElementEventMap extends ArticleWidgetEventMap {}
  interface DocumentEventMap extends ArticleWidgetEventMap {}
  interface WindowEventMap extends ArticleWidgetEventMap {}
}
