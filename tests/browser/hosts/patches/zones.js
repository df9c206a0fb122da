// As frameworks do it that want to know when everything is done: timers are objects, promises are their own,
// listeners are wrapped, and so is `fetch`.
class ZonePromise {
  #inner;
  constructor(start) { this.#inner = new NativePromise(start); }
  then(kept, broken) { return new ZonePromise((...settle) => this.#inner.then(kept, broken).then(...settle)); }
  catch(broken) { return this.then(undefined, broken); }
  finally(call) { return new ZonePromise((...settle) => this.#inner.finally(call).then(...settle)); }
  static resolve(value) { return new ZonePromise((resolve) => resolve(value)); }
  static reject(error) { return new ZonePromise((_, reject) => reject(error)); }
}
const NativePromise = Promise;
const { fetch: realFetch, setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
const { addEventListener, removeEventListener } = EventTarget.prototype;
for (const name of ['all', 'race', 'any', 'allSettled']) {
  ZonePromise[name] = (list) => new ZonePromise((...settle) => NativePromise[name](list).then(...settle));
}
Promise = ZonePromise;

setTimeout = (call, ...rest) => ({ id: realSetTimeout(call, ...rest), state: 'scheduled' });
clearTimeout = (task) => realClearTimeout(task?.id ?? task);
fetch = (...request) => new ZonePromise((...settle) => realFetch(...request).then(...settle));

const wrapped = new WeakMap();
const wrap = (call) => {
  if (typeof call !== 'function') return call;
  if (!wrapped.has(call)) wrapped.set(call, function (event) { return call.call(this, event); });
  return wrapped.get(call);
};
EventTarget.prototype.addEventListener = function (type, call, options) {
  return addEventListener.call(this, type, wrap(call), options);
};
EventTarget.prototype.removeEventListener = function (type, call, options) {
  return removeEventListener.call(this, type, wrap(call), options);
};
