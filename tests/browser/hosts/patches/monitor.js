// A monitor of requests: it wraps `fetch`, reads a copy of each answer, and tells its console nothing.
const real = fetch;
fetch = async function (input, init) {
  const response = await real.call(this, new Request(input, init));
  const copy = response.clone();
  setTimeout(() => copy.text().catch(() => {}));
  return response;
};
const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (...values) { return open.apply(this, values); };
XMLHttpRequest.prototype.send = function (...values) { return send.apply(this, values); };
const { pushState } = history;
history.pushState = function (...values) { return pushState.apply(this, values); };
