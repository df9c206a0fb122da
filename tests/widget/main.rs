//! The widget without a browser: its contract, and what it renders on the server.

mod contract;
mod read;
mod render;
mod sharing;
mod theming;
