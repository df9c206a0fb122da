// Counts what keeps a page's widgets from being forgotten. `settled()` gives it five seconds to become nothing, and tells
// what it is then.
const wait = setTimeout;
const timers = new Set();
const observers = new Set();
const listeners = new Map([[window, new Set()], [document, new Set()]]);

for (const [start, stop] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
  const { [start]: begin, [stop]: end } = globalThis;
  globalThis[start] = (call, ...rest) => {
    const id = begin((...values) => {
      if (start === 'setTimeout') timers.delete(id);
      return call(...values);
    }, ...rest);
    timers.add(id);
    return id;
  };
  globalThis[stop] = (id) => {
    timers.delete(id);
    end(id);
  };
}

for (const name of ['IntersectionObserver', 'MutationObserver', 'ResizeObserver']) {
  globalThis[name] = class extends globalThis[name] {
    observe(...values) {
      observers.add(this);
      super.observe(...values);
    }
    disconnect() {
      observers.delete(this);
      super.disconnect();
    }
  };
}

const numbers = new WeakMap();
let last = 0;
const keyOf = (type, call, options) => {
  if (!numbers.has(call)) numbers.set(call, (last += 1));
  return `${type} ${numbers.get(call)} ${!!(options?.capture ?? options)}`;
};
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (type, call, options) {
  const held = listeners.get(this ?? window);
  if (held && call) {
    const key = keyOf(type, call, options);
    held.add(key);
    if (options?.once) add.call(this ?? window, type, () => held.delete(key), { once: true, capture: !!options.capture });
  }
  return add.call(this ?? window, type, call, options);
};
EventTarget.prototype.removeEventListener = function (type, call, options) {
  if (call) listeners.get(this ?? window)?.delete(keyOf(type, call, options));
  return remove.call(this ?? window, type, call, options);
};

const holds = () => ({
  timers: timers.size,
  observers: observers.size,
  ofWindow: listeners.get(window).size,
  ofDocument: listeners.get(document).size,
});

globalThis.settled = async () => {
  for (let i = 0; i < 200 && Object.values(holds()).some(Boolean); i++) await new Promise((resolve) => wait(resolve, 25));
  return holds();
};
