//! What a request that changes something expects to find: `If-Match` and `If-None-Match` (RFC 9110,
//! sections 13.1.1 and 13.1.2).

use axum::http::HeaderMap;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};

use crate::cache::EntityTag;
use crate::problem::Problem;
use crate::revision::Expected;

/// What the headers expect, and `unsaid` where they say nothing.
///
/// # Errors
/// [`Problem::BadRequest`] where they say what no change can go by.
pub fn expected(headers: &HeaderMap, unsaid: Expected) -> Result<Expected, Problem> {
    let listed =
        |name| headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    let (wanted, unwanted): (Vec<_>, Vec<_>) =
        (listed(IF_MATCH).collect(), listed(IF_NONE_MATCH).collect());
    match (wanted.as_slice(), unwanted.as_slice()) {
        ([], []) => Ok(unsaid),
        ([], ["*"]) => Ok(Expected::Nothing),
        (["*"], []) => Ok(Expected::Something),
        (tags, []) => {
            let tags = tags.iter().flat_map(|value| value.split(','));
            Ok(Expected::OneOf(tags.filter_map(EntityTag::revision).collect()))
        }
        ([], _) => Err(refused("If-None-Match takes * alone: create, and replace nothing")),
        _ => Err(refused("send either If-Match or If-None-Match")),
    }
}

fn refused(reason: &str) -> Problem {
    Problem::BadRequest(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;
    use crate::revision::RevisionTag;

    fn of(sent: &[(HeaderName, &str)]) -> Option<Expected> {
        let sent = sent.iter().map(|(name, value)| (name.clone(), value.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(name, value);
        }
        expected(&headers, Expected::NothingElse).ok()
    }

    #[test]
    fn conditions_are_read_as_they_are_meant() {
        let (a, b) = (RevisionTag::of("a"), RevisionTag::of("b"));
        assert_eq!(of(&[]), Some(Expected::NothingElse));
        assert_eq!(of(&[(IF_NONE_MATCH, "*")]), Some(Expected::Nothing));
        assert_eq!(of(&[(IF_MATCH, "*")]), Some(Expected::Something));
        let both = format!("\"{a}\", \"{b}-br\"");
        assert_eq!(of(&[(IF_MATCH, &both)]), Some(Expected::OneOf(vec![a, b])));
        let (one, other) = (format!("\"{a}-gzip\""), format!("\"{b}\""));
        let lines = [(IF_MATCH, &*one), (IF_MATCH, &*other)];
        assert_eq!(of(&lines), Some(Expected::OneOf(vec![a, b])));
        for no_tag in [format!("W/\"{a}\""), a.to_string(), "\"x\"".to_owned(), String::new()] {
            let nothing = Some(Expected::OneOf(Vec::new()));
            assert_eq!(of(&[(IF_MATCH, &no_tag)]), nothing, "{no_tag} matches nothing");
        }
        assert_eq!(of(&[(IF_NONE_MATCH, &other)]), None);
        assert_eq!(of(&[(IF_MATCH, "*"), (IF_NONE_MATCH, "*")]), None);
    }
}
