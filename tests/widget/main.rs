//! The widget without a browser: its contract, and what it renders on the server.

mod contract;
mod render;
mod sharing;
