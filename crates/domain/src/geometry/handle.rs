//! The eight handles by which a shape is resized.

use serde::{Deserialize, Serialize};

/// A handle on the bounds, named by where it sits when the shape is not turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handle {
    /// The upper left corner.
    TopLeft,
    /// The middle of the upper side.
    Top,
    /// The upper right corner.
    TopRight,
    /// The middle of the right side.
    Right,
    /// The lower right corner.
    BottomRight,
    /// The middle of the lower side.
    Bottom,
    /// The lower left corner.
    BottomLeft,
    /// The middle of the left side.
    Left,
}

impl Handle {
    /// All, clockwise from the upper left.
    pub const ALL: [Handle; 8] = [
        Handle::TopLeft,
        Handle::Top,
        Handle::TopRight,
        Handle::Right,
        Handle::BottomRight,
        Handle::Bottom,
        Handle::BottomLeft,
        Handle::Left,
    ];

    /// Which way it lies from the middle, along x and y: −1, 0 or 1.
    pub fn signs(self) -> (f64, f64) {
        match self {
            Handle::TopLeft => (-1.0, -1.0),
            Handle::Top => (0.0, -1.0),
            Handle::TopRight => (1.0, -1.0),
            Handle::Right => (1.0, 0.0),
            Handle::BottomRight => (1.0, 1.0),
            Handle::Bottom => (0.0, 1.0),
            Handle::BottomLeft => (-1.0, 1.0),
            Handle::Left => (-1.0, 0.0),
        }
    }
}
