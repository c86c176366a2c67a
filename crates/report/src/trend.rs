//! The line of scores over days, as points of a picture.

use crate::document::TrendEntry;

/// Lines through the scores in a picture of a size, its origin at the top left. A day without a score ends a line; a day
/// alone is a short one, so that it can be seen.
pub(crate) fn sparkline(trend: &[TrendEntry<'_>], width: f32, height: f32) -> Vec<Vec<(f32, f32)>> {
    let steps = u16::try_from(trend.len().saturating_sub(1).max(1)).unwrap_or(u16::MAX);
    let step = width / f32::from(steps);
    let mut lines: Vec<Vec<(f32, f32)>> = Vec::new();
    let mut open: Vec<(f32, f32)> = Vec::new();
    let mut x = 0.0;
    for day in trend {
        match day.score {
            Some(score) => open.push((x, height - height * f32::from(score.min(100)) / 100.0)),
            None => lines.push(std::mem::take(&mut open)),
        }
        x += step;
    }
    lines.push(open);
    lines.retain(|line| !line.is_empty());
    for line in &mut lines {
        if let [(x, y)] = line.as_slice() {
            let (x, y) = (*x, *y);
            line.push(((x + 3.0).min(width), y));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_score_breaks_the_line() {
        let day = |score| TrendEntry { day: "2031-01-01".into(), score, open: 1 };
        let trend = [day(Some(100)), day(Some(50)), day(None), day(Some(0))];
        let lines = sparkline(&trend, 300.0, 10.0);
        assert_eq!(lines, [vec![(0.0, 0.0), (100.0, 5.0)], vec![(300.0, 10.0), (300.0, 10.0)]]);
        assert!(sparkline(&[], 1.0, 1.0).is_empty());
    }
}
