//! People and organizations.

super::texts! {
    /// Texts of people, organizations and rosters.
    PeopleText {
        title: "人员", "People";
        lead_own: "您所在机构的人员。", "The people of your organization.";
        search: "按姓名或用户名查找", "Name or user name";
        filter_active: "按账号状态筛选", "Filter by account";
        filter_all: "全部账号", "All accounts";
        filter_organization: "机构", "Organization";
        all_organizations: "全部机构", "All organizations";
        empty: "还没有人员", "Nobody yet";
        empty_text: "可以逐个新建，也可以用花名册一次导入。", "Add people one by one, or import a roster.";
        empty_filter: "没有符合条件的人员。", "Nobody fits.";
        new: "新建账号", "New account";
        new_text: "系统会生成一次性密码，本人首次登录时须修改。", "A one-time password is drawn; it must be changed at first sign-in.";
        username_hint: "2–40 位小写字母、数字、点、下划线或连字符。", "2 to 40 lower-case letters, digits, dots, underscores or hyphens.";
        name: "姓名", "Name";
        organization_none: "不归属机构", "No organization";
        platform_role: "平台权限", "Platform role";
        created: "账号已建好", "The account is made";
        one_time_password: "一次性密码", "One-time password";
        password_once: "密码只在这里显示一次，请现在转交本人。", "Shown here and never again: hand it over now.";
        copy_both: "复制用户名和密码", "Copy user name and password";
        roster: "导入花名册", "Import a roster";
        roster_hint: "CSV，表头为 username,name,organization,team,role；后三列可省。", "CSV with the header username,name,organization,team,role; the last three may be left out.";
        roster_text: "花名册内容", "The list";
        roster_example: "格式示例：", "Example:";
        roster_send: "开始导入", "Import";
        roster_added: "新增", "Added";
        roster_exists: "已有", "Existing";
        roster_rejected: "有误", "Refused";
        roster_report: "导入结果", "Report";
        roster_download: "下载结果（含一次性密码）", "Download the report (with one-time passwords)";
        roster_cut: "另有 {n} 行，请下载查看。", "{n} more lines: download the report.";
        passwords_once: "一次性密码只在这里出现，离开前请下载。", "The one-time passwords appear only here: download before you leave.";
        deactivate: "停用", "Switch off";
        deactivate_ask: "停用后，{name}立即不能登录，手中的条目会让给别人，历史记录保留。", "{name} is signed out at once and held items go to others. History stays.";
        reactivate: "启用", "Switch on";
        reset: "重置密码", "Reset the password";
        reset_ask: "重置后，{name}原来的密码立即失效。", "The old password of {name} stops working at once.";
        must_change: "未改初始密码", "Initial password";
        role_filter: "平台权限", "Platform role";

        organizations_title: "机构", "Organizations";
        organization_new: "新建机构", "New organization";
        organization_name: "机构名称", "Name";
        organizations_empty: "还没有机构", "No organizations yet";
        organizations_empty_text: "先建机构，再把人员导入到机构和班组。", "Make organizations first, then import people into them and their teams.";
        teams: "班组", "Teams";
        team_new: "新建班组", "New team";
        team_name: "班组名称", "Team name";
        people_count: "在用人数", "Active people";
        see_people: "查看人员", "See people";
        choose_region: "请选择地区。", "Choose a region.";
    }
}
