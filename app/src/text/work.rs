//! The workbench.

super::texts! {
    /// Texts of the workbench.
    WorkText {
        title: "标注", "Label";
        submit: "提交", "Submit";
    }
}
