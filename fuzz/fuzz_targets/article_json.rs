#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| article_fuzz::targets::article_json(data));
