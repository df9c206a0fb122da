// A page that lets nobody look into shadow roots.
const { attachShadow } = Element.prototype;
Element.prototype.attachShadow = function (options) {
  return attachShadow.call(this, { ...options, mode: 'closed' });
};
