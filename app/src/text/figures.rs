//! Texts of figures pages.

super::texts! {
    /// Texts of figures pages.
    FiguresText {
        title: "标题", "Title";
    }
}
