// As libraries did it before the methods were standard: enumerable, under names that were taken later, and
// with another meaning.
const each = function (call, context) {
  for (let i = 0; i < this.length; i++) call.call(context, this[i], i);
  return this;
};
Array.from = (list) => {
  const copy = [];
  for (let i = 0; i < list.length; i++) copy[i] = list[i];
  return copy;
};
Object.assign(Array.prototype, {
  each,
  toJSON() { return `[${this.map(String).join(', ')}]`; },
  reduce() { return this.length > 1 ? this : this[0]; },
  entries() { return this.slice(); },
  find(call) { for (let i = 0; i < this.length; i++) if (call(this[i], i)) return this[i]; },
  include(item) { return this.indexOf(item) !== -1; },
  flatten() { return [].concat(...this); },
  without(item) { return this.filter((other) => other !== item); },
  contains(item) { return this.indexOf(item) !== -1; },
});
Object.assign(String.prototype, {
  toJSON() { return `'${this}'`; },
  startsWith(start) { return this.lastIndexOf(start, 0) === 0; },
  contains(part) { return this.indexOf(part) !== -1; },
  strip() { return this.trim(); },
});
// Elements get what they were missing, in the library's own way.
Object.assign(Element.prototype, {
  append(html) { this.insertAdjacentHTML('beforeend', String(html)); return this; },
  after(html) { this.insertAdjacentHTML('afterend', String(html)); return this; },
  before(html) { this.insertAdjacentHTML('beforebegin', String(html)); return this; },
  replaceWith(html) { this.outerHTML = String(html); return this; },
  remove() { this.parentNode.removeChild(this); return this; },
  select(selector) { return [...this.querySelectorAll(selector)]; },
  update(html) { this.innerHTML = html; return this; },
  visible() { return this.style.display !== 'none'; },
});
