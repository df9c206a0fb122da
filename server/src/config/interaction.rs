//! What a publisher sets of sharing and of the feedback form.

use article_widget::contract::Settings;

use super::{ConfigError, Options, wrong};
use crate::forms::{FIELDS, KINDS};
use crate::store::Channel;

/// The fields without which there is no feedback.
const ALWAYS: [&str; 1] = ["message"];

/// Checks the part that every embed tells the widget.
pub(super) fn check(options: &Options) -> Result<Settings, ConfigError> {
    let channels = options.share_channels.clone().unwrap_or_default();
    let is_channel = |name: &str| Channel::OFFERED.iter().any(|channel| channel.as_str() == name);
    names("share-channels", &channels, is_channel)?;
    let fields = options.feedback_fields.clone().unwrap_or_default();
    names("feedback-fields", &fields, |name| FIELDS.contains(&name))?;
    if let Some(missing) = ALWAYS.iter().find(|name| !fields.iter().any(|field| field == *name)) {
        return Err(wrong("feedback-fields", &format!("{missing:?} has to be among them")));
    }
    let mut required = options.feedback_required.clone().unwrap_or_default();
    names("feedback-required", &required, |name| fields.iter().any(|field| field == name))?;
    for name in ALWAYS {
        if !required.iter().any(|field| field == name) {
            required.push(name.to_owned());
        }
    }
    let kinds = options.feedback_kinds.clone().unwrap_or_default();
    names("feedback-kinds", &kinds, |name| KINDS.contains(&name))?;
    if kinds.is_empty() {
        return Err(wrong("feedback-kinds", &"there has to be one"));
    }
    Ok(Settings {
        channels,
        facebook_app: options.facebook_app.as_deref().map(facebook_app).transpose()?,
        sends_mail: false,
        fields,
        required,
        kinds,
    })
}

/// Each is one of those that there are, and none stands there twice.
fn names(
    setting: &'static str,
    names: &[String],
    is_known: impl Fn(&str) -> bool,
) -> Result<(), ConfigError> {
    for (position, name) in names.iter().enumerate() {
        if !is_known(name) {
            return Err(wrong(setting, &format!("{name:?} is none that there is here")));
        }
        if names[..position].contains(name) {
            return Err(wrong(setting, &format!("{name:?} stands there twice")));
        }
    }
    Ok(())
}

fn facebook_app(number: &str) -> Result<String, ConfigError> {
    let is_number = (1..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if is_number { Ok(number.to_owned()) } else { Err(wrong("facebook-app", &"it is a number")) }
}
