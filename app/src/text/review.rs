//! Review.

super::texts! {
    /// Texts of the review screens.
    ReviewText {
        title: "质检", "Review";
        none_title: "没有等待质检的批次", "No batch waits for review";
        none_text: "标注完成的条目凑成批次后，会出现在这里。", "Labeled items appear here once they are gathered into a batch.";
        list_label: "待质检批次", "Batches to review";
        batch_n: "批次 {n}", "Batch {n}";
        batch: "批次", "Batch";
        project: "项目", "Project";
        size: "条目数", "Items";
        made: "生成时间", "Made";
        progress: "进度", "Progress";
        open: "开始质检", "Inspect";
        resume: "继续质检", "Go on";
        sample: "抽样", "Sample";
        sample_words: "抽取 {n} 条，已判 {done} 条", "{n} drawn, {done} judged";
        all_words: "全检 {n} 条，已判 {done} 条", "All {n}, {done} judged";
        limits: "不合格 {failed}，修正 {fixed}（合计 ≤{ac} 接收，≥{re} 拒收）", "{failed} failed, {fixed} fixed (together: accept up to {ac}, reject from {re})";
        wilson: "合格率 {p}（95% 区间 {low}–{high}）", "{p} good (95% interval {low}–{high})";
        wilson_none: "判定后显示合格率", "The share appears with the first verdict";
        strip: "抽样条目", "Drawn items";
        item_n: "第 {n} 条 {key}", "Item {n} {key}";
        verdict_none: "未判定", "not judged";
        verdict_pass: "合格", "passed";
        verdict_fail: "不合格", "failed";
        verdict_fixed: "已修正", "fixed";
        author: "标注员 {name}", "By {name}";
        fix_by: "修正 {name}", "Fix by {name}";
        differences: "与他人不同 {n} 处", "{n} differ";
        differ_choice: "答案不同", "different answer";
        reason: "不合格原因", "Why it fails";
        reason_hint: "按数字键选择", "Press a digit";
        comment: "给标注员的话", "Words to the annotator";
        comment_needed: "选择“其他”时请写明原因。", "Say what is wrong when you choose “Other”.";
        save_fail: "判为不合格", "Fail it";
        fixing: "正在修正 {name} 的标注", "Fixing the work of {name}";
        which_author: "退回哪些人的标注", "Whose work goes back";
        everyone: "全部", "Everyone";
        saved: "已判定：{what}", "Judged: {what}";
        all_judged: "抽样已全部判定，可以作出结论。", "Every drawn item is judged. The batch can be decided.";
        decide: "批次结论", "Decision";
        accept: "接收批次", "Accept the batch";
        accept_words: "全部 {n} 条通过，不再修改。", "All {n} items are accepted and final.";
        return_failed: "退回不合格条目", "Return the failed items";
        return_failed_words: "{failed} 条退回各自作者返工，其余 {rest} 条通过。", "{failed} go back to their authors, the other {rest} are accepted.";
        return_all: "整批退回", "Return the whole batch";
        return_all_words: "全部 {n} 条退回各自作者返工。", "All {n} items go back to their authors.";
        decision_reason: "说明", "Reason";
        decision_reason_hint: "退回时作者会看到。", "Authors of returned work will see it.";
        decision_reason_needed: "请写明退回原因。", "Say why the batch goes back.";
        decision_missing: "还有 {n} 条未判定；此时只有项目经理可以作出结论，并须写明理由。", "{n} have no verdict yet. Only a manager may decide now, with a written reason.";
        decision_failed: "有不合格条目，不能整批接收。", "It holds failed items, so it cannot be accepted whole.";
        decided_title: "批次已有结论", "The batch is decided";
        to_list: "返回批次列表", "Back to the batches";
        empty_value: "作者没有标注任何内容", "The author marked nothing";
        guideline: "标注规范", "Guideline";
        stage: "{name}的标注", "Work of {name}";
        keys: "质检", "Review";
        read_only: "只读", "read only";
        unlabeled: "未填写", "left empty";
    }
}
