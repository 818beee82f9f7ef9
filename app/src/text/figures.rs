//! Figures and the wall.

super::texts! {
    /// Texts of figures and the wall.
    FiguresText {
        title: "统计", "Figures";
        mine: "我的统计", "My figures";
        by: "分组", "Group by";
        by_person: "按人员", "Person";
        by_organization: "按机构", "Organization";
        by_region: "按地区", "Region";
        by_project: "按项目", "Project";
        by_day: "按天", "Day";
        from: "从", "From";
        to: "到", "To";
        project: "项目", "Project";
        all_projects: "全部项目", "All projects";
        apply: "查看", "Show";
        download: "下载本表（CSV）", "Download this table (CSV)";
        name: "名称", "Name";
        day: "日期", "Day";
        people: "人数", "People";
        submitted: "提交", "Submitted";
        accepted: "通过", "Accepted";
        rework: "返工提交", "Rework";
        returned: "被退回", "Returned";
        skipped: "跳过", "Skipped";
        reviewed: "质检判定", "Verdicts";
        hours: "有效工时（小时）", "Active hours";
        per_hour: "条/有效小时", "Items an active hour";
        first_pass: "一次合格率", "First-pass yield";
        total: "合计", "Total";
        empty: "这段时间没有数据", "Nothing in this time";
        empty_text: "有人提交标注后，统计会随时更新。换个时间范围试试。", "Figures follow each submit. Try another range.";
        chart: "每天提交量", "Submits by day";
        chart_legend: "绿色为全部提交，黄色为其中的返工。", "Green is all submits, amber the rework among them.";
        filters: "筛选", "Filter";
        no_project: "请先选择一个您管理的项目。", "Choose a project that you manage.";

        wall_title: "全省数据标注概览", "Data annotation across the province";
        wall_goal: "2026 年目标 {goal} 人", "Goal for 2026: {goal} people";
        wall_people: "在册标注人员", "People on the books";
        wall_share: "完成目标", "Of the goal";
        wall_working: "今日在岗", "Working today";
        wall_submitted: "今日提交", "Submitted today";
        wall_accepted: "今日通过", "Accepted today";
        wall_pace: "条/有效小时", "Items an active hour";
        wall_regions: "各地区", "Regions";
        wall_organizations: "各机构", "Organizations";
        wall_updated: "每 30 秒更新", "Updated every 30 seconds";
        wall_organizations_empty: "还没有机构。", "No organizations yet.";
    }
}
