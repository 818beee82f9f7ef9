//! Texts of project pages.

super::texts! {
    /// Texts of project pages.
    ProjectText {
        title: "项目", "Projects";
        new_title: "新建项目", "New project";
    }
}
