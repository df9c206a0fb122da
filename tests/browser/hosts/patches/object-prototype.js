// What some library or other has put on every object: each of these is an option of some call of the browser's.
Array.prototype.toJSON = () => 'patched';
String.prototype.toJSON = () => 'patched';
Object.assign(Object.prototype, {
  headers: { 'x-evil': '1' },
  integrity: 'sha384-wrong',
  signal: 'none',
  root: 'none',
  rootMargin: 'wide',
  capture: true,
  passive: 'yes',
  title: 'patched',
  url: 'https://elsewhere.example/',
  extend(other) { return Object.assign(this, other); },
});
// Descriptors take these for their own: only a `defineProperty` with a null prototype still works.
Object.prototype.value = 'patched';
Object.prototype.writable = true;
