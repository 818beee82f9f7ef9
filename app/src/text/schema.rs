//! Texts of schema pages.

super::texts! {
    /// Texts of schema pages.
    SchemaText {
        title: "标题", "Title";
    }
}
