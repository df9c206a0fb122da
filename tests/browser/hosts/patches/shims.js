// Shims that take the place of what is there already, written for browsers that had nothing.
const NativeSymbol = Symbol;
const names = {};
const ShimSymbol = function (name) { return NativeSymbol(name); };
for (const name of Object.getOwnPropertyNames(NativeSymbol)) {
  if (typeof NativeSymbol[name] === 'symbol') ShimSymbol[name] = NativeSymbol[name];
}
ShimSymbol.for = (name) => (names[name] ||= NativeSymbol(name));
ShimSymbol.prototype = NativeSymbol.prototype;
Symbol = ShimSymbol;

Map = class {
  constructor(pairs) {
    this.keysOf = [];
    this.valuesOf = [];
    for (const [key, value] of pairs || []) this.set(key, value);
  }
  get size() { return this.keysOf.length; }
  has(key) { return this.keysOf.indexOf(key) !== -1; }
  get(key) { return this.valuesOf[this.keysOf.indexOf(key)]; }
  set(key, value) {
    const index = this.has(key) ? this.keysOf.indexOf(key) : this.keysOf.length;
    this.keysOf[index] = key;
    this.valuesOf[index] = value;
    return this;
  }
  delete(key) {
    const index = this.keysOf.indexOf(key);
    if (index === -1) return false;
    this.keysOf.splice(index, 1);
    this.valuesOf.splice(index, 1);
    return true;
  }
  forEach(call) { this.keysOf.forEach((key, index) => call(this.valuesOf[index], key, this)); }
};

// One that settles in a task of its own, and knows no more than `then`, `catch`, `resolve`, `reject`, `all`.
const NativePromise = Promise;
const ShimPromise = function (start) {
  const settled = new NativePromise(start);
  this.then = (kept, broken) =>
    new ShimPromise((resolve, reject) => {
      const later = (call, otherwise) => (value) => setTimeout(() => {
        try {
          call ? resolve(call(value)) : otherwise(value);
        } catch (error) {
          reject(error);
        }
      });
      settled.then(later(kept, resolve), later(broken, reject));
    });
};
ShimPromise.prototype.catch = function (broken) { return this.then(undefined, broken); };
ShimPromise.resolve = (value) => new ShimPromise((resolve) => resolve(value));
ShimPromise.reject = (error) => new ShimPromise((_, reject) => reject(error));
ShimPromise.all = (promises) => new ShimPromise((...settle) => NativePromise.all(promises).then(...settle));
Promise = ShimPromise;
