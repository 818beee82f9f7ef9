//! The frame around all pages: rail, bar, palette, key sheet, dialogs of the session.

super::texts! {
    /// Texts of the frame.
    ShellText {
        product: "梯田", "Terrace";
        tagline: "数据标注工作台", "Data annotation workbench";
        skip: "跳到正文", "Skip to content";
        rail: "主导航", "Main";
        crumbs: "当前位置", "You are here";
        home: "首页", "Home";
        projects: "项目", "Projects";
        review: "质检", "Review";
        people: "人员", "People";
        organizations: "机构", "Organizations";
        figures: "统计", "Figures";
        wall: "全省概览", "Province";
        account: "我的账号", "My account";
        sign_out: "退出登录", "Sign out";
        me_menu: "{name}的菜单", "Menu of {name}";
        switch_lang: "English", "中文";
        switch_lang_hint: "Switch to English", "切换到中文";
        theme_system: "跟随系统", "As the system";
        theme_light: "浅色", "Light";
        theme_dark: "深色", "Dark";
        theme: "外观", "Appearance";
        theme_now: "外观：{theme}，点击切换", "Appearance: {theme}. Press to change";
        search: "查找页面和操作", "Find pages and commands";
        search_placeholder: "输入页面或操作的名称", "Type a page or a command";
        search_none: "没有符合的页面或操作", "No page or command fits";
        keys: "快捷键", "Keys";
        keys_everywhere: "所有页面", "On every page";
        key_palette: "查找页面和操作", "Find pages and commands";
        key_sheet: "显示快捷键", "Show the keys";
        key_close: "关闭对话框", "Close a dialog";
        close: "关闭", "Close";
        missing_title: "没有这一页", "There is no such page";
        missing_text: "地址可能写错了，或者内容已被移走。", "The address may be mistyped, or the content has moved.";
        to_home: "回到首页", "Go home";
        expired_title: "登录已过期", "Your session has ended";
        expired_text: "页面上的内容都还在。重新登录后可继续。", "Everything on the page is still here. Sign in to go on.";
        signed_in_again: "已重新登录", "Signed in again";
        loading: "正在载入", "Loading";
        failed_title: "没有成功", "That did not work";
        retry: "重试", "Try again";
        sign_in_first: "登录", "Sign in";
        notices: "通知", "Notices";
    }
}
