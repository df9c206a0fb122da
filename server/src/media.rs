//! Names of pictures in the publisher's folder.

/// The type of a picture by its name; none for what is no plain file name of a picture. SVG is none here: it
/// may hold a script.
pub fn media_type(name: &str) -> Option<&'static str> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.starts_with('.') || stem.is_empty() || !name.bytes().all(is_plain) {
        return None;
    }
    match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "webp" => Some("image/webp"),
        "avif" => Some("image/avif"),
        "gif" => Some("image/gif"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_pictures_have_a_type() {
        assert_eq!(media_type("photo-640.jpg"), Some("image/jpeg"));
        for name in ["../secret.jpg", "a/b.png", ".hidden.png", ".png", "page.html", "x.svg", "x"] {
            assert_eq!(media_type(name), None, "{name}");
        }
    }
}
