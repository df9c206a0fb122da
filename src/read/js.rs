//! JSON as a browser has it: asked field by field, so that what no component shows never comes into the Wasm's
//! memory.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::Value;

impl Value for JsValue {
    fn text(self) -> Option<String> {
        self.as_string()
    }

    fn number(self) -> u32 {
        // A cast of a float keeps to the bounds.
        self.as_f64().unwrap_or_default() as u32
    }

    fn flag(self) -> bool {
        self == JsValue::TRUE
    }

    fn list(self) -> Vec<Self> {
        self.dyn_into::<Array>().map(|array| array.iter().collect()).unwrap_or_default()
    }

    fn is_object(&self) -> bool {
        JsValue::is_object(self)
    }

    fn take(&mut self, key: &str) -> Self {
        // Fails where it is no object.
        Reflect::get(self, &key.into()).unwrap_or_default()
    }

    fn fields(self) -> Vec<(String, Self)> {
        let Ok(object) = self.dyn_into::<Object>() else { return Vec::new() };
        let keys = Object::keys(&object);
        keys.iter()
            .filter_map(|key| {
                let value = Reflect::get(&object, &key).ok()?;
                Some((key.as_string()?, value))
            })
            .collect()
    }
}
