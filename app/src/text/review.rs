//! Review.

super::texts! {
    /// Texts of the review screens.
    ReviewText {
        title: "质检", "Review";
    }
}
