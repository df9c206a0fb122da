// Starts the instance, in the place of wasm-bindgen's own way, which the build cuts off: that one knows a dozen kinds of
// what it may be given. The Wasm lies beside this file and under the same name.

// Its digest, which the build fills in.
const WASM = __WASM__;

let started;

/**
 * Starts it once; again where it failed, for the network may have mended.
 * @param {(url: string, options: RequestInit) => Promise<Response>} request
 */
export default function boot(request = fetch) {
  return (started ||= instantiate(request).catch((error) => {
    started = undefined;
    throw error;
  }));
}

async function instantiate(request) {
  // The header of a module with nothing in it: throws where the page forbids Wasm, which then is not fetched.
  new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const answer = await request(import.meta.url.replace(/js$/, "wasm"), { __proto__: null, integrity: WASM });
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer(), __wbg_get_imports());
  return __wbg_finalize_init(instance);
}
