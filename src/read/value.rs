//! What the readers ask of JSON, whatever holds it.

/// A JSON value.
pub trait Value: Sized + Default {
    /// The string; none where it is something else.
    fn text(self) -> Option<String>;

    /// The number; 0 where it is something else. The contract's are all whole and small.
    fn number(self) -> u32;

    /// Whether it is `true`.
    fn flag(self) -> bool;

    /// The array; an empty one where it is something else.
    fn list(self) -> Vec<Self>;

    /// Whether it is an object.
    fn is_object(&self) -> bool;

    /// The value of a field, which may be taken out; the default where there is none.
    fn take(&mut self, key: &str) -> Self;

    /// Every field of the object; none where it is something else.
    fn fields(self) -> Vec<(String, Self)>;

    /// The fields of an object, each as what it should be.
    fn object(self) -> Object<Self> {
        Object(self)
    }
}

/// An object, whose fields are taken out of it.
pub struct Object<V>(V);

impl<V: Value> Object<V> {
    /// Takes the value of a field.
    pub fn take(&mut self, key: &str) -> V {
        self.0.take(key)
    }

    /// Takes a string; an empty one where there is none.
    pub fn text(&mut self, key: &str) -> String {
        self.maybe(key).unwrap_or_default()
    }

    /// Takes a string.
    pub fn maybe(&mut self, key: &str) -> Option<String> {
        self.take(key).text()
    }

    /// Takes a number; 0 where there is none.
    pub fn number(&mut self, key: &str) -> u32 {
        self.take(key).number()
    }

    /// Takes a flag; false where there is none.
    pub fn flag(&mut self, key: &str) -> bool {
        self.take(key).flag()
    }

    /// Takes an array.
    pub fn list<T>(&mut self, key: &str, read: fn(V) -> T) -> Vec<T> {
        self.take(key).list().into_iter().map(read).collect()
    }

    /// Takes an array of strings.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.list(key, |item| item.text().unwrap_or_default())
    }

    /// Takes an object; none where there is none.
    pub fn maybe_object(&mut self, key: &str) -> Option<Self> {
        Some(self.take(key)).filter(V::is_object).map(Self)
    }

    /// Every field.
    pub fn fields(self) -> Vec<(String, V)> {
        self.0.fields()
    }
}
