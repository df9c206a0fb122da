// A library of classes: functions are extended, and bound in its own way.
Object.assign(Function.prototype, {
  bind(self, given) {
    const call = this;
    const values = given === undefined ? [] : [].concat(given);
    return function () { return call.apply(self, values.length ? values : arguments); };
  },
  extend(properties) { return Object.assign(this, properties); },
  implement(methods) { return Object.assign(this.prototype, methods); },
  delay(milliseconds) { return setTimeout(this, milliseconds); },
});
Number.prototype.times = function (call) { for (let i = 0; i < this; i++) call(i); };
Event.prototype.stop = function () { this.stopPropagation(); this.preventDefault(); return this; };
globalThis.$ = (id) => document.getElementById(id);
globalThis.$$ = (selector) => [...document.querySelectorAll(selector)];
