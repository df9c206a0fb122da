#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| article_fuzz::targets::traceparent(data));
