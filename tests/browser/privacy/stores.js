// Notes in `touched` what a page's scripts do to what a browser keeps for it; `fill()` puts something into each
// of the places, and `look()` tells what is in them.
globalThis.touched = [];
{
  const note = (place, name) => {
    const real = place[name];
    place[name] = function (...values) {
      touched.push(`${name} ${values.map(String).join(' ')}`);
      return real.apply(this, values);
    };
  };
  for (const name of ['getItem', 'setItem', 'removeItem', 'clear', 'key']) note(Storage.prototype, name);
  for (const name of ['open', 'deleteDatabase', 'databases']) note(IDBFactory.prototype, name);
  for (const name of ['open', 'has', 'delete', 'keys', 'match']) note(CacheStorage.prototype, name);
  note(ServiceWorkerContainer.prototype, 'register');
  note(Navigator.prototype, 'sendBeacon');
  const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(Document.prototype, 'cookie', {
    configurable: true,
    get() {
      touched.push('cookie is read');
      return get.call(this);
    },
    set(value) {
      touched.push(`cookie ${value}`);
      set.call(this, value);
    },
  });
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

globalThis.fill = async () => {
  document.cookie = 'host=secret; path=/';
  localStorage.setItem('host', 'secret');
  sessionStorage.setItem('host', 'secret');
  const opening = indexedDB.open('host', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('host');
  const database = await done(opening);
  await done(database.transaction('host', 'readwrite').objectStore('host').put('secret', 'host'));
  database.close();
  await (await caches.open('host')).put('/secret', new Response('secret'));
};

globalThis.look = async () => {
  const found = { cookie: document.cookie, local: { ...localStorage }, session: { ...sessionStorage } };
  found.databases = [];
  for (const { name, version } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = await done(database.transaction(store).objectStore(store).getAll());
      found.databases.push({ name, version, store, records });
    }
    database.close();
  }
  found.caches = [];
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    found.caches.push({ name, kept: kept.map(({ url }) => url) });
  }
  found.workers = (await navigator.serviceWorker.getRegistrations()).length;
  return found;
};
