//! Medians, beside each other, and what they are to be.

use std::collections::BTreeMap;
use std::fmt;

use super::load::Figures;
use crate::bench::variant::Variant;

/// The readable article's time, at most so many times the static page's.
const READABLE: f64 = 1.15;
/// Milliseconds that no task may take before hydration, and during it.
const BEFORE: f64 = 50.0;
const DURING: f64 = 100.0;
/// Milliseconds a second that a browser takes for its own, more or less, of a page at rest.
const RESTLESS: f64 = 1.0;

/// How a row is written.
#[derive(Clone, Copy)]
enum Form {
    /// Milliseconds, and times the static page's.
    Time,
    /// Milliseconds.
    Milliseconds,
    /// Bytes, as kilobytes.
    Kilobytes,
    /// Bytes, as megabytes.
    Megabytes,
    /// A number with three decimals.
    Number,
    /// A task of which the browser tells from 50 ms on.
    Task,
}

const ROWS: [(&str, &str, Form); 20] = [
    ("readable article, ms", "readable", Form::Time),
    ("whole article, ms", "whole", Form::Time),
    ("first contentful paint, ms", "first", Form::Time),
    ("largest contentful paint, ms", "largest", Form::Time),
    ("first picture is there, ms", "picture", Form::Time),
    ("interactive, ms", "live", Form::Milliseconds),
    ("layout shift", "shift", Form::Number),
    ("longest task before, ms", "before", Form::Task),
    ("longest task of hydration, ms", "during", Form::Task),
    ("page, kB", "page", Form::Kilobytes),
    ("style, kB", "style", Form::Kilobytes),
    ("scripts, kB", "script", Form::Kilobytes),
    ("article as JSON, kB", "json", Form::Kilobytes),
    ("Wasm, kB", "wasm", Form::Kilobytes),
    ("pictures, kB", "pictures", Form::Kilobytes),
    ("other, kB", "other", Form::Kilobytes),
    ("all, kB", "bytes", Form::Kilobytes),
    ("CPU at rest, ms a second", "rest", Form::Number),
    ("JavaScript's heap, MB", "heap", Form::Megabytes),
    ("Wasm's memory, MB", "memory", Form::Megabytes),
];
const LABEL: usize = 31;
const COLUMN: usize = 16;

/// All loads of all pages.
pub(super) struct Table {
    variants: Vec<Variant>,
    loads: BTreeMap<Variant, Vec<Figures>>,
}

impl Table {
    /// `variants` are its columns.
    pub(super) fn new(variants: &[Variant], loads: BTreeMap<Variant, Vec<Figures>>) -> Self {
        Self { variants: variants.to_vec(), loads }
    }

    /// What is not as it is to be.
    pub(super) fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        let mut expect = |name: &str, is: Option<f64>, may_be: f64| match is {
            Some(is) if is <= may_be => {}
            Some(is) => missed.push(format!("{name} is {is:.3} and may be {may_be:.3}")),
            None => missed.push(format!("{name} is not known")),
        };
        expect(
            "readable, times the static page's",
            self.ratio(Variant::Full, "readable"),
            READABLE,
        );
        let shift = self.values(Variant::Full, "shift").into_iter().reduce(f64::max);
        expect("the largest layout shift", shift, 0.0);
        expect("the longest task before hydration", self.median(Variant::Full, "before"), BEFORE);
        expect("the longest task of hydration", self.median(Variant::Full, "during"), DURING);
        if let Some(bare) = self.median(Variant::Bare, "rest") {
            expect("CPU at rest, ms a second", self.median(Variant::Full, "rest"), bare + RESTLESS);
        }
        missed
    }

    /// In order, the smallest first.
    fn values(&self, variant: Variant, name: &str) -> Vec<f64> {
        let loads = self.loads.get(&variant).into_iter().flatten();
        let mut values: Vec<f64> = loads.filter_map(|load| load.get(name).copied()).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    fn median(&self, variant: Variant, name: &str) -> Option<f64> {
        let values = self.values(variant, name);
        let middle = values.len() / 2;
        match values.len() {
            0 => None,
            odd if odd % 2 == 1 => Some(values[middle]),
            _ => Some((values[middle - 1] + values[middle]) / 2.0),
        }
    }

    fn ratio(&self, variant: Variant, name: &str) -> Option<f64> {
        Some(self.median(variant, name)? / self.median(Variant::Static, name)?)
    }

    fn cell(&self, variant: Variant, name: &str, form: Form) -> String {
        let Some(value) = self.median(variant, name) else { return "-".to_owned() };
        match (form, self.ratio(variant, name)) {
            (Form::Time, Some(ratio)) => format!("{value:.0} ({ratio:.2})"),
            (Form::Time | Form::Milliseconds, _) => format!("{value:.0}"),
            (Form::Kilobytes, _) => format!("{:.1}", value / 1e3),
            (Form::Megabytes, _) => format!("{:.2}", value / 1e6),
            (Form::Number, _) => format!("{value:.3}"),
            (Form::Task, _) if value == 0.0 => "< 50".to_owned(),
            (Form::Task, _) => format!("{value:.0}"),
        }
    }

    /// The fastest and the slowest load.
    fn spread(&self, variant: Variant) -> String {
        let values = self.values(variant, "readable");
        match (values.first(), values.last()) {
            (Some(first), Some(last)) => format!("{first:.0} to {last:.0}"),
            _ => "-".to_owned(),
        }
    }

    fn line(
        &self,
        f: &mut fmt::Formatter<'_>,
        label: &str,
        cell: impl Fn(Variant) -> String,
    ) -> fmt::Result {
        write!(f, "{label:<LABEL$}")?;
        for variant in &self.variants {
            write!(f, "{:>COLUMN$}", cell(*variant))?;
        }
        writeln!(f)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.line(f, "", |variant| variant.name().to_owned())?;
        for (label, name, form) in ROWS {
            self.line(f, label, |variant| self.cell(variant, name, form))?;
            if name == "readable" {
                self.line(f, "  from, to", |variant| self.spread(variant))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(full: &[(&'static str, f64)]) -> Table {
        let common = [("readable", 500.0), ("shift", 0.0), ("before", 0.0), ("during", 60.0)];
        let page = |changed: &[(&'static str, f64)]| {
            common.into_iter().chain(changed.iter().copied()).collect::<Figures>()
        };
        let loads = BTreeMap::from([
            (Variant::Static, vec![page(&[]); 3]),
            (Variant::Full, vec![page(&[]), page(full), page(full)]),
        ]);
        Table::new(&[Variant::Static, Variant::Full], loads)
    }

    #[test]
    fn a_goal_is_missed_by_the_median_and_a_shift_by_any_load() {
        assert_eq!(table(&[("readable", 575.0)]).missed(), [""; 0]);
        for worse in [("readable", 576.0), ("shift", 0.001), ("before", 51.0), ("during", 101.0)] {
            assert_eq!(table(&[worse]).missed().len(), 1, "{worse:?}");
        }
    }

    #[test]
    fn a_row_has_the_median_beside_the_static_pages() {
        let shown = table(&[("readable", 550.0)]).to_string();
        assert!(shown.contains("500 (1.00)      550 (1.10)"), "{shown}");
        assert!(shown.contains("500 to 550"), "{shown}");
        assert!(shown.contains("< 50"), "{shown}");
    }
}
