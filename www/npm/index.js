// Puts a publisher's loader into a page: what the snippet's script tag does, for pages that are built by a
// bundler. The loader itself always comes from the publisher, with whose server it speaks.

const loaded = new Map();

/** See article-widget.d.ts. */
export function load(options) {
  // On a server there is no page yet.
  if (typeof document === "undefined") return Promise.resolve();
  const url = loaderUrl(options);
  if (!loaded.has(url)) {
    const loading = put(url, options);
    loaded.set(url, loading);
    // The next call tries again. Who does not ask how it went is not bothered.
    loading.catch(() => loaded.delete(url));
  }
  return loaded.get(url);
}

function loaderUrl({ src, version }) {
  const folder = version ? `v/${encodeURIComponent(version)}/` : "";
  return new URL(`${folder}embed.js`, `${src.replace(/[/]+$/, "")}/`).href;
}

async function put(url, { integrity, nonce }) {
  // It may have been pasted by hand as well.
  const isThere = [...document.querySelectorAll("script[src]")].some((script) => script.src === url);
  if (!isThere) await insert(url, integrity, nonce);
  await customElements.whenDefined("article-widget");
}

function insert(url, integrity, nonce) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.async = true;
    script.src = url;
    script.nonce = nonce ?? document.querySelector("script[nonce]")?.nonce ?? "";
    if (integrity) {
      script.integrity = integrity;
      script.crossOrigin = "anonymous";
    }
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new Error(`cannot load ${url}`));
    };
    document.head.append(script);
  });
}
