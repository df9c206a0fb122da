// Stands between the glue above it and the Wasm instance: the build appends it to what wasm-bindgen
// writes, where `wasm = instance.exports` becomes `wasm = guard(instance.exports)`.
//
// Rust never unwinds through an export by design (an `Err` is thrown by the glue, after the export
// has returned). So an error that leaves one, be it a trap, a stack overflow or an exception of the
// browser that nothing caught, has skipped every destructor on its way: locks are held, the stack
// pointer is off. Nothing of the instance can be trusted after it. It is dead, for all widgets that
// share it, and no listener or timer of it may throw into the host page again.

// Yew reports to the console what it fails at, and then traps. It is the host page's console: the
// loader says once what there is to say.
const console = Object.freeze({ error() {}, warn() {}, log() {}, info() {}, debug() {} });

// What a dead instance answers. The glue takes a number, a pair or nothing out of it without an error.
const NOTHING = Object.freeze([]);

let dead = false;
let depth = 0;
let trapHandler;
let trapError;

/**
 * Sets what is called, once, when the instance has died: after the outermost call into it has
 * ended, so that nothing of it runs later than the handler.
 * @param {(error: unknown) => void} handler
 */
function onTrap(handler) {
  trapHandler = handler;
}

/** Gives the instance up from outside: one that it works with has died. */
function die(error) {
  if (dead) return;
  dead = true;
  trapError = error;
  if (depth === 0) reportTrap();
}

/** The exports with every function guarded. Memory and tables stay what they are. */
function guard(exports) {
  const guarded = Object.create(null);
  for (const name of Object.keys(exports)) {
    const value = exports[name];
    guarded[name] = typeof value === "function" ? guardedCall(value) : value;
  }
  return guarded;
}

function guardedCall(call) {
  return (...values) => {
    if (dead) return NOTHING;
    depth += 1;
    try {
      return call(...values);
    } catch (error) {
      // The first error is the cause; those that outer calls run into are its consequence.
      if (!dead) trapError = error;
      dead = true;
      return NOTHING;
    } finally {
      depth -= 1;
      if (dead && depth === 0) reportTrap();
    }
  };
}

function reportTrap() {
  if (trapHandler) trapHandler(trapError);
}
