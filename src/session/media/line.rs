//! A line fitted to points as they come.

/// Sums over points, of which the line with the least squares follows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    count: f64,
    mean_x: f64,
    mean_y: f64,
    spread_x: f64,
    spread_y: f64,
    shared: f64,
}

impl Line {
    pub(super) fn add(&mut self, x: f64, y: f64) {
        self.count += 1.0;
        let (from_x, from_y) = (x - self.mean_x, y - self.mean_y);
        self.mean_x += from_x / self.count;
        self.mean_y += from_y / self.count;
        self.spread_x += from_x * (x - self.mean_x);
        self.spread_y += from_y * (y - self.mean_y);
        self.shared += from_x * (y - self.mean_y);
    }

    /// How much y grows with x; `None` with fewer than three points, or all at one place.
    pub(super) fn slope(&self) -> Option<f64> {
        let slope = self.shared / self.spread_x;
        (self.count >= 3.0 && self.spread_x > 0.0 && slope.is_finite()).then_some(slope)
    }

    /// The standard error of the slope.
    pub(super) fn error(&self) -> Option<f64> {
        let slope = self.slope()?;
        let rest = (self.spread_y - slope * slope * self.spread_x).max(0.0);
        let error = (rest / (self.count - 2.0) / self.spread_x).sqrt();
        error.is_finite().then_some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_points_on_a_line_has_no_error() {
        let mut line = Line::default();
        (0..10).for_each(|x| line.add(f64::from(x), 3.0 * f64::from(x) - 1.0));
        assert!((line.slope().unwrap() - 3.0).abs() < 1e-12 && line.error().unwrap() < 1e-6);
        assert_eq!(Line::default().slope(), None);
    }
}
