//! The whole in a real browser: a publisher's server, a partner's page on another origin, and Chromium,
//! Firefox or WebKit, as `ARTICLE_BROWSER` says.
//!
//! These tests exist for what no other test sees: that the built assets load, that two origins and
//! their policies let the widget through, that the reader sees it. They are slow (a second each):
//! what can be shown without a browser is tested without one.

#[path = "../support/mod.rs"]
mod support;

mod accessibility;
mod admin;
mod dashboard;
mod element;
mod feedback;
mod form_page;
mod frames;
mod guard;
mod harness;
mod hosts;
mod inline;
mod languages;
mod layers;
mod looks;
mod package;
mod passages;
mod privacy;
mod publishing;
mod ratings;
mod reader;
mod republish;
mod scripts;
mod second_module;
mod sharing;
mod snippet;
mod speed;
mod theming;
mod touch;
mod trunk;
mod versions;
