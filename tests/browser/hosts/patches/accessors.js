// Every descriptor that is an object has these, and is then one of an accessor, or none at all.
Object.prototype.get = () => 'patched';
Object.prototype.set = () => {};
Object.prototype.enumerable = true;
