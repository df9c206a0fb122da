//! Writes flat JSON objects: what the browser sends. Here and not by `JSON.stringify`, which a host
//! page's `toJSON` on a prototype would corrupt.

/// A field's value.
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(u32),
    Flag(bool),
}

/// `{"key":"value",…}`
pub(super) fn object(fields: &[(&str, Value<'_>)]) -> String {
    let mut json = String::from("{");
    for (index, (key, value)) in fields.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        string(&mut json, key);
        json.push(':');
        match value {
            Value::Text(text) => string(&mut json, text),
            Value::Number(number) => json.push_str(&number.to_string()),
            Value::Flag(flag) => json.push_str(if *flag { "true" } else { "false" }),
        }
    }
    json.push('}');
    json
}

fn string(json: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";

    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                json.push('\\');
                json.push(character);
            }
            '\0'..='\x1f' => {
                json.push_str("\\u00");
                json.push(char::from(HEX[character as usize >> 4]));
                json.push(char::from(HEX[character as usize & 15]));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}
