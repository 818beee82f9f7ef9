//! Words used on many pages: verbs of buttons, names of states and roles, units.

super::texts! {
    /// Common words.
    WordsText {
        save: "保存", "Save";
        saving: "正在保存…", "Saving…";
        saved: "已保存", "Saved";
        cancel: "取消", "Cancel";
        add: "添加", "Add";
        remove: "移除", "Remove";
        delete: "删除", "Delete";
        edit: "编辑", "Edit";
        create: "新建", "Create";
        search: "查找", "Search";
        clear: "清除", "Clear";
        download: "下载", "Download";
        copy: "复制", "Copy";
        copied: "已复制", "Copied";
        continue_: "继续", "Continue";
        back: "返回", "Back";
        next: "下一步", "Next";
        more: "载入更多", "Load more";
        shown: "已显示 {n} 行", "{n} rows shown";
        all: "全部", "All";
        none: "无", "None";
        yes: "是", "Yes";
        no: "否", "No";
        name: "姓名", "Name";
        username: "用户名", "User name";
        password: "密码", "Password";
        role: "角色", "Role";
        state: "状态", "State";
        actions: "操作", "Actions";
        created_at: "创建时间", "Created";
        organization: "机构", "Organization";
        team: "班组", "Team";
        region: "地区", "Region";
        items: "{n} 条", "{n} items";
        people_n: "{n} 人", "{n} people";
        optional: "选填", "optional";
        required: "必填", "required";
        sort_by: "按{column}排序", "Sort by {column}";
        problem_count: "{n} 处问题", "{n} problems";
        minutes: "分钟", "minutes";
        hours_n: "{n} 小时", "{n} h";
        per_hour: "条/小时", "items/h";
        item_open: "待标注", "Open";
        item_labeled: "已标注", "Labeled";
        item_in_review: "质检中", "In review";
        item_rework: "返工", "Rework";
        item_accepted: "已通过", "Accepted";
        item_void: "作废", "Void";
        batch_waiting: "待质检", "Waiting";
        batch_inspecting: "质检中", "Inspecting";
        batch_accepted: "已通过", "Accepted";
        batch_partly_returned: "部分退回", "Partly returned";
        batch_returned: "整批退回", "Returned";
        job_queued: "排队中", "Queued";
        job_running: "进行中", "Running";
        job_done: "已完成", "Done";
        job_failed: "失败", "Failed";
        status_setup: "筹备中", "Setting up";
        status_open: "进行中", "Open";
        status_paused: "已暂停", "Paused";
        status_archived: "已归档", "Archived";
        modality_text: "文本", "Text";
        modality_image: "图像", "Image";
        role_manager: "项目经理", "Manager";
        role_reviewer: "质检员", "Reviewer";
        role_annotator: "标注员", "Annotator";
        role_acceptor: "验收方", "Acceptor";
        platform_operator: "运营管理员", "Operator";
        platform_manager: "可建项目", "May open projects";
        platform_member: "普通成员", "Member";
        active: "在用", "Active";
        inactive: "已停用", "Switched off";
    }
}
