//! The geometry of charts, rounded to a tenth; `templates/macros/chart.html.tera` draws it.

use serde::Serialize;

/// The box of a chart.
const WIDTH: f64 = 724.0;
/// Its height.
const HEIGHT: f64 = 212.0;
/// Where columns begin, and end.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 716.0;
/// Where the scale ends, and begins.
const TOP: f64 = 14.0;
const BOTTOM: f64 = 186.0;
/// How wide a column's bar is.
const BAR: f64 = 24.0;

/// The box of a small line.
const SPARK_WIDTH: f64 = 72.0;
const SPARK_TOP: f64 = 3.0;
const SPARK_BOTTOM: f64 = 21.0;
const SPARK_HEIGHT: f64 = 24.0;

/// Lines of a scale at most, beside its ground.
const TICKS: i64 = 5;

fn tenth(value: f64) -> f64 {
    let rounded = (value * 10.0).round() / 10.0;
    // No −0.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// What a count measures. Counts and cents are far below 2^52.
#[allow(clippy::cast_precision_loss)]
fn measure(value: i64) -> f64 {
    value as f64
}

/// A step of 1, 2 or 5 times a power of ten by which a scale reaches `top` in at most [`TICKS`] steps.
fn step(top: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for digit in [1, 2, 5] {
            let step = power.saturating_mul(digit);
            if step.saturating_mul(TICKS) >= top {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A line of the scale.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Tick {
    value: i64,
    y: f64,
    text_y: f64,
}

/// A piece of a bar.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Piece {
    /// Of which series.
    series: usize,
    value: i64,
    y: f64,
    height: f64,
}

/// What stands above one label.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Column {
    /// The middle.
    x: f64,
    /// Where the bar begins.
    left: f64,
    pieces: Vec<Piece>,
    /// Whether it is not over yet.
    part: bool,
}

/// A point of the line.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Dot {
    x: f64,
    y: f64,
    value: i64,
}

/// A chart of columns, each of one bar or of several on one another, and of a line over them.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Chart {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    bar: f64,
    tick_x: f64,
    label_y: f64,
    ticks: Vec<Tick>,
    columns: Vec<Column>,
    dots: Vec<Dot>,
    points: String,
}

impl Chart {
    /// The same of days that are all over.
    #[must_use]
    pub(super) fn whole(mut self) -> Self {
        for column in &mut self.columns {
            column.part = false;
        }
        self
    }
}

/// Bars on one another, series by series from the ground, and a line; the last column is not over yet.
pub(super) fn columns(series: &[Vec<i64>], line: Option<&[i64]>) -> Chart {
    let count = series.first().map_or(0, Vec::len);
    let sums = (0..count).map(|n| {
        series
            .iter()
            .filter_map(|series| series.get(n))
            .map(|value| (*value).max(0))
            .sum::<i64>()
    });
    let top = sums.chain(line.into_iter().flatten().copied()).max().unwrap_or(0);
    let step = step(top.max(1));
    let steps = (top.max(1) + step - 1) / step;
    let scale = (BOTTOM - TOP) / measure(steps * step);
    let height = |value: i64| measure(value.max(0)) * scale;
    let width = (RIGHT - LEFT) / measure(i64::try_from(count.max(1)).unwrap_or(1));
    let middle = |n: usize| LEFT + width * (measure(i64::try_from(n).unwrap_or(0)) + 0.5);
    let bar = BAR.min(width * 0.7);
    let columns = (0..count)
        .map(|n| {
            let mut ground = BOTTOM;
            let pieces = series
                .iter()
                .enumerate()
                .filter_map(|(number, series)| {
                    let value = *series.get(n)?;
                    let tall = height(value);
                    ground -= tall;
                    Some(Piece {
                        series: number,
                        value,
                        y: tenth(ground),
                        height: tenth(tall),
                    })
                })
                .collect();
            Column {
                x: tenth(middle(n)),
                left: tenth(middle(n) - bar / 2.0),
                pieces,
                part: n + 1 == count,
            }
        })
        .collect();
    let dots: Vec<Dot> = line
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(n, value)| Dot {
            x: tenth(middle(n)),
            y: tenth(BOTTOM - height(*value)),
            value: *value,
        })
        .collect();
    let points: Vec<String> = dots
        .iter()
        .map(|dot| format!("{:.1},{:.1}", dot.x, dot.y))
        .collect();
    Chart {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: RIGHT,
        bar: tenth(bar),
        tick_x: LEFT - 8.0,
        label_y: BOTTOM + 17.0,
        ticks: (0..=steps)
            .map(|n| {
                let y = BOTTOM - measure(n * step) * scale;
                Tick {
                    value: n * step,
                    y: tenth(y),
                    text_y: tenth(y + 3.5),
                }
            })
            .collect(),
        columns,
        points: points.join(" "),
        dots,
    }
}

/// A small line, without a scale.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Spark {
    path: String,
    area: String,
}

/// The small line through some values.
pub(super) fn spark(values: &[i64]) -> Option<Spark> {
    let (low, high) = (*values.iter().min()?, *values.iter().max()?);
    let last = values.len().checked_sub(1).filter(|last| *last > 0)?;
    let apart = SPARK_WIDTH / measure(i64::try_from(last).unwrap_or(1));
    let y = |value: i64| {
        if low == high {
            return (SPARK_TOP + SPARK_BOTTOM) / 2.0;
        }
        SPARK_BOTTOM - (SPARK_BOTTOM - SPARK_TOP) * measure(value - low) / measure(high - low)
    };
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(n, value)| {
            let x = apart * measure(i64::try_from(n).unwrap_or(0));
            format!("{:.1} {:.1}", tenth(x), tenth(y(*value)))
        })
        .collect();
    let path = format!("M{}", points.join(" L"));
    Some(Spark {
        area: format!("{path} L{SPARK_WIDTH:.1} {SPARK_HEIGHT} L0.0 {SPARK_HEIGHT}Z"),
        path,
    })
}

/// The lengths of horizontal bars, in hundredths of the longest.
pub(super) fn shares(values: &[i64]) -> Vec<f64> {
    let longest = values.iter().copied().max().unwrap_or(0).max(1);
    values
        .iter()
        .map(|value| tenth(100.0 * measure((*value).max(0)) / measure(longest)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_steps_and_few_of_them() {
        for (top, wanted) in [
            (1, 1),
            (5, 1),
            (6, 2),
            (11, 5),
            (25, 5),
            (96, 20),
            (100, 20),
            (101, 50),
            (818, 200),
            (i64::MAX, 2_000_000_000_000_000_000),
        ] {
            assert_eq!(step(top), wanted, "{top}");
        }
    }

    #[test]
    fn columns_stand_on_the_ground_and_on_one_another() {
        let chart = columns(&[vec![10, 20, 0], vec![10, 0, 5]], Some(&[20, 0, 10]));
        assert_eq!(chart.ticks.len(), 5);
        assert_eq!(
            chart.ticks.last().map(|tick| (tick.value, tick.y)),
            Some((20, TOP))
        );
        let pieces: Vec<Vec<(f64, f64)>> = chart
            .columns
            .iter()
            .map(|column| {
                column
                    .pieces
                    .iter()
                    .map(|piece| (piece.y, piece.height))
                    .collect()
            })
            .collect();
        assert_eq!(
            pieces,
            [
                vec![(100.0, 86.0), (14.0, 86.0)],
                vec![(14.0, 172.0), (14.0, 0.0)],
                vec![(186.0, 0.0), (143.0, 43.0)],
            ]
        );
        let parts: Vec<bool> = chart.columns.iter().map(|column| column.part).collect();
        assert_eq!(parts, [false, false, true]);
        assert_eq!(chart.points, "147.7,14.0 375.0,186.0 602.3,100.0");
    }

    #[test]
    fn nothing_at_all_is_drawn_as_an_empty_scale() {
        let chart = columns(&[vec![0, 0]], None);
        assert_eq!(chart.ticks.len(), 2);
        assert!(chart.dots.is_empty() && chart.points.is_empty());
        assert!(columns(&[], None).columns.is_empty());
        assert_eq!(spark(&[]), None);
        assert_eq!(spark(&[1]), None);
        assert_eq!(shares(&[0, 0]), [0.0, 0.0]);
    }

    #[test]
    fn a_small_line_fills_its_box() {
        let line = spark(&[0, 5, 10]);
        assert_eq!(
            line.map(|line| line.path),
            Some("M0.0 21.0 L36.0 12.0 L72.0 3.0".to_owned())
        );
        let flat = spark(&[4, 4]);
        assert_eq!(
            flat.map(|line| line.path),
            Some("M0.0 12.0 L72.0 12.0".to_owned())
        );
        assert_eq!(shares(&[200, 100, 67]), [100.0, 50.0, 33.5]);
    }
}
