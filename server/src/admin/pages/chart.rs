//! Charts that take no script and no style of their own: SVG, drawn here. What it says is said in words too,
//! and each has its numbers in a table beside it.
//!
//! A drawing stretches with its place; so its words stand beside it as HTML, at the size of all others.

use yew::prelude::*;

use super::Shell;

/// Units of one bar's place; it fills all but [`GAP`].
const WIDE: f64 = 10.0;
const GAP: f64 = 2.0;
/// Units of the whole height.
const HIGH: f64 = 100.0;
/// Fewer bars than this leave the rest of the place empty, for a bar is no wall.
const FEWEST: usize = 6;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    /// What it stands for: a time.
    pub(super) label: String,
    /// The same in so few letters that three of them fit below the bars on a phone.
    pub(super) tick: String,
    /// Whether a line parts it from the bar before it, which is of another day.
    pub(super) is_apart: bool,
    /// Its height.
    pub(super) value: u64,
    /// What stands on top of it in another colour.
    pub(super) rest: u64,
}

/// Bars in the order of time.
pub(super) struct Chart<'a> {
    /// Unique on the page.
    pub(super) id: &'static str,
    /// What is drawn.
    pub(super) title: &'a str,
    /// What the bars are, and what stands on top of them, where anything does.
    pub(super) names: (&'a str, Option<&'a str>),
    /// From left to right.
    pub(super) bars: Vec<Bar>,
}

impl Bar {
    fn height(&self) -> u64 {
        self.value.saturating_add(self.rest)
    }
}

impl Chart<'_> {
    /// The chart.
    pub(super) fn figure(&self, shell: &Shell) -> Html {
        let top = top(self.bars.iter().map(Bar::height).max().unwrap_or_default());
        let places = self.bars.len().max(FEWEST);
        let (title_id, text_id) = ([self.id, "-title"].concat(), [self.id, "-text"].concat());
        html! {
            <figure class="chart">
                <figcaption>
                    <span class="chart-title">{ self.title }</span>
                    { self.legend() }
                </figcaption>
                <div class="chart-place">
                    <span class="chart-top soft" aria-hidden="true">{ shell.number(top) }</span>
                    <svg class="chart-bars" role="img" aria-labelledby={[&title_id, " ", &text_id].concat()}
                        viewBox={format!("0 0 {:.0} {HIGH:.0}", places as f64 * WIDE)}
                        preserveAspectRatio="none">
                        <title id={title_id.clone()}>{ self.title }</title>
                        <desc id={text_id.clone()}>{ self.words(shell) }</desc>
                        { lines(places) }
                        { for self.bars.iter().enumerate().filter(|(_, bar)| bar.is_apart).map(parting) }
                        { for self.bars.iter().enumerate().map(|(place, bar)| {
                            self.bar(shell, place, bar, top)
                        }) }
                    </svg>
                </div>
                { self.axis() }
            </figure>
        }
    }

    fn legend(&self) -> Html {
        let (first, Some(second)) = self.names else { return html! {} };
        html! {
            <span class="legend soft">
                <span class="key counted">{ first }</span>{ " " }
                <span class="key rest">{ second }</span>
            </span>
        }
    }

    fn bar(&self, shell: &Shell, place: usize, bar: &Bar, top: u64) -> Html {
        let part = |value: u64| value as f64 / top as f64 * HIGH;
        let (value, rest) = (part(bar.value), part(bar.rest));
        let x = place as f64 * WIDE + GAP / 2.0;
        let piece = |class: &'static str, from: f64, height: f64| {
            html! {
                if height > 0.0 {
                    <rect {class} x={unit(x)} y={unit(HIGH - from - height)} width={unit(WIDE - GAP)}
                        height={unit(height)} />
                }
            }
        };
        html! {
            <g>
                <title>{ self.of_bar(shell, bar) }</title>
                // As high as the place, so that it is easy to point at.
                <rect class="point" x={unit(place as f64 * WIDE)} y="0" width={unit(WIDE)} height={unit(HIGH)} />
                { piece("counted", 0.0, value) }
                { piece("rest", value, rest) }
            </g>
        }
    }

    fn of_bar(&self, shell: &Shell, bar: &Bar) -> String {
        let counted = format!("{}: {} {}", bar.label, shell.number(bar.value), self.names.0);
        match self.names.1 {
            Some(name) => format!("{counted}, {} {name}", shell.number(bar.rest)),
            None => counted,
        }
    }

    /// The first, the middle and the last time, where they stand.
    fn axis(&self) -> Html {
        let tick = |bar: Option<&Bar>| bar.map(|bar| bar.tick.clone()).unwrap_or_default();
        let is_full = self.bars.len() >= FEWEST;
        let middle = self.bars.get(self.bars.len() / 2).filter(|_| is_full);
        let last = self.bars.last().filter(|_| is_full);
        html! {
            <div class="chart-axis soft" aria-hidden="true">
                <span>{ tick(self.bars.first()) }</span>
                <span>{ tick(middle) }</span>
                <span>{ tick(last) }</span>
            </div>
        }
    }

    /// What somebody who sees the chart sees at once.
    fn words(&self, shell: &Shell) -> String {
        let sum = self.bars.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.value));
        // Of equals the latest.
        let Some(highest) = self.bars.iter().max_by_key(|bar| bar.value).filter(|_| sum > 0) else {
            return shell.words("chart.nothing").to_owned();
        };
        let words = shell.words("chart.text").replace("{sum}", &shell.number(sum));
        let words = words.replace("{highest}", &shell.number(highest.value));
        words.replace("{time}", &highest.label)
    }
}

/// The course of a few numbers, without any: `name` says what it is the course of.
pub(super) fn sparkline(shell: &Shell, name: &str, values: &[u64]) -> Html {
    let highest = values.iter().copied().max().unwrap_or_default();
    let words = shell.words("chart.course").replace("{highest}", &shell.number(highest));
    html! {
        <svg class="sparkline" role="img" viewBox={format!("0 0 {} {HIGH:.0}", width(values))}
            preserveAspectRatio="none" aria-label={format!("{name}: {words}")}>
            <path class="area" d={course(values, true)} />
            <path class="line" d={course(values, false)} vector-effect="non-scaling-stroke" />
        </svg>
    }
}

fn width(values: &[u64]) -> usize {
    values.len().saturating_sub(1).max(1)
}

/// A line through the values, one unit from one to the next; one value alone is level.
fn course(values: &[u64], is_closed: bool) -> String {
    // A little room above and below, for the line is as wide as it is.
    const MARGIN: f64 = 6.0;
    let highest = values.iter().copied().max().unwrap_or_default().max(1) as f64;
    let height = |value: u64| MARGIN + (1.0 - value as f64 / highest) * (HIGH - 2.0 * MARGIN);
    let mut path = String::new();
    for (place, value) in values.iter().enumerate() {
        let begin = if place == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{begin}{place} {}", unit(height(*value))));
    }
    if let [only] = values {
        path.push_str(&format!("L1 {}", unit(height(*only))));
    }
    if is_closed && !path.is_empty() {
        path.push_str(&format!("L{} {HIGH:.0}L0 {HIGH:.0}Z", width(values)));
    }
    path
}

/// The top of the place, half of it, and the ground.
fn lines(places: usize) -> Html {
    let end = unit(places as f64 * WIDE);
    html! {
        <>
            { for [0.0, HIGH / 2.0, HIGH].map(|y| html! {
                <line class="grid" x1="0" x2={end.clone()} y1={unit(y)} y2={unit(y)}
                    vector-effect="non-scaling-stroke" />
            }) }
        </>
    }
}

/// Between this bar and the one before it.
fn parting((place, _): (usize, &Bar)) -> Html {
    let x = unit(place as f64 * WIDE);
    html! {
        <line class="grid" x1={x.clone()} x2={x} y1="0" y2={unit(HIGH)} vector-effect="non-scaling-stroke" />
    }
}

/// The next number of one digit with zeros behind it that can be halved by eye; 1 at least. The highest bar
/// fills two thirds of the place or more.
fn top(highest: u64) -> u64 {
    let mut ten = 1_u64;
    loop {
        for step in [1, 2, 3, 4, 5, 6, 8] {
            let round = ten.saturating_mul(step);
            if round >= highest {
                return round;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

/// Two digits behind the point are finer than any screen.
fn unit(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use yew::ServerRenderer;

    use super::*;
    use crate::time::Calendar;

    fn shell() -> Shell {
        Shell::new("", Calendar::new(TimeZone::UTC), "en", String::new())
    }

    fn bars(values: &[(u64, u64)]) -> Vec<Bar> {
        let bar = |(place, (value, rest)): (usize, &(u64, u64))| Bar {
            label: format!("hour {place}"),
            tick: format!("{place} h"),
            is_apart: place == 2,
            value: *value,
            rest: *rest,
        };
        values.iter().enumerate().map(bar).collect()
    }

    #[derive(Properties, PartialEq)]
    struct Drawn {
        values: Vec<(u64, u64)>,
    }

    #[component]
    fn Drawing(drawn: &Drawn) -> Html {
        let bars = bars(&drawn.values);
        let names = ("counted", Some("refused"));
        Chart { id: "test", title: "Views", names, bars }.figure(&shell())
    }

    async fn draw(values: &[(u64, u64)]) -> String {
        let values = values.to_vec();
        let props = move || Drawn { values };
        ServerRenderer::<Drawing>::with_props(props).hydratable(false).render().await
    }

    #[test]
    fn the_top_is_round_and_never_below_the_highest() {
        for (highest, round) in
            [(0, 1), (1, 1), (3, 3), (5, 5), (7, 8), (9, 10), (101, 200), (2_050, 3_000)]
        {
            assert_eq!(top(highest), round, "{highest}");
        }
        assert_eq!(top(u64::MAX), u64::MAX);
    }

    #[tokio::test]
    async fn nothing_is_said_to_be_nothing_and_drawn_without_a_bar() {
        for values in [&[][..], &[(0, 0)], &[(0, 0); 25]] {
            let html = draw(values).await;
            assert!(!html.contains("class=\"counted\"") && !html.contains("NaN"), "{html}");
            assert!(html.contains("Nothing was counted"), "{html}");
        }
    }

    #[tokio::test]
    async fn one_point_is_one_bar_as_high_as_there_is_and_as_wide_as_any() {
        let html = draw(&[(6, 0)]).await;
        assert!(html.contains(r#"viewBox="0 0 60 100""#), "{html}");
        let bar = r#"<rect x="1" y="0" width="8" height="100" class="counted""#;
        assert!(html.contains(bar), "{html}");
        assert!(html.contains("6 in all") && html.contains("hour 0"), "{html}");
    }

    #[tokio::test]
    async fn what_is_refused_stands_on_what_counts_and_a_gap_is_a_gap() {
        let html = draw(&[(8, 2), (0, 0), (2, 0)]).await;
        let bar = |x, y, height, class| {
            let bar =
                format!(r#"<rect x="{x}" y="{y}" width="8" height="{height}" class="{class}""#);
            assert!(html.contains(&bar), "{bar}: {html}");
        };
        bar(1, 20, 80, "counted");
        bar(1, 0, 20, "rest");
        bar(21, 80, 20, "counted");
        assert_eq!(html.matches(r#"x1="20" x2="20""#).count(), 1, "a new day: {html}");
        assert!(html.contains("hour 1: 0 counted, 0 refused"), "{html}");
    }

    #[tokio::test]
    async fn the_greatest_numbers_that_there_are_stay_within_the_drawing() {
        let html = draw(&[(u64::MAX, u64::MAX), (1, 0)]).await;
        assert!(!html.contains("inf") && !html.contains("NaN"), "{html}");
        assert!(html.contains("18,446,744,073,709,551,615"), "{html}");
    }

    #[tokio::test]
    async fn the_first_the_middle_and_the_last_time_stand_below() {
        let html = draw(&[(1, 0); 7]).await;
        let below = html.split("chart-axis").nth(1).unwrap();
        assert!(below.contains("0 h") && below.contains("3 h") && below.contains("6 h"), "{html}");
        assert_eq!(below.matches("<span>").count(), 3);
    }

    #[test]
    fn a_course_has_a_point_for_each_value() {
        assert_eq!(course(&[0, 2, 1], false), "M0 94L1 6L2 50");
        assert_eq!(course(&[0, 2, 1], true), "M0 94L1 6L2 50L2 100L0 100Z");
        assert_eq!(course(&[7], false), "M0 6L1 6");
        assert_eq!(course(&[0, 0], false), "M0 94L1 94");
        assert_eq!(course(&[], true), "");
        assert_eq!(course(&[u64::MAX, 0], false), "M0 6L1 94");
    }
}
