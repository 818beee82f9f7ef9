//! Texts of people pages.

super::texts! {
    /// Texts of people pages.
    PeopleText {
        title: "标题", "Title";
    }
}
