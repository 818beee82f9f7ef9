//! Sign-in, the change of a password, the own account.

super::texts! {
    /// Texts of sign-in and account.
    AccountText {
        sign_in: "登录", "Sign in";
        signing_in: "正在登录…", "Signing in…";
        welcome: "数据标注工作台", "Data annotation workbench";
        no_account: "没有账号或忘记密码？请联系本机构负责人。", "No account, or forgot the password? Ask your organization.";
        show_password: "显示密码", "Show the password";
        hide_password: "隐藏密码", "Hide the password";
        change_title: "修改密码", "Change the password";
        change_first_title: "请先设置新密码", "First set a new password";
        change_first_text: "初始密码只能用一次。设置好新密码后即可开始工作。", "The initial password serves once. Set your own and begin.";
        old_password: "当前密码", "Current password";
        new_password: "新密码", "New password";
        new_password_hint: "至少 8 个字符，可用一句容易记的话。", "At least 8 characters. A phrase you remember does well.";
        repeat_password: "再输一次新密码", "New password again";
        password_short: "新密码至少要有 8 个字符。", "The new password needs at least 8 characters.";
        passwords_differ: "两次输入的新密码不一样。", "The two new passwords differ.";
        change: "修改密码", "Change the password";
        changed: "密码已修改。", "The password is changed.";
        fill_both: "请输入用户名和密码。", "Enter user name and password.";
        page_title: "我的账号", "My account";
        profile: "基本信息", "About me";
        no_organization: "未归属机构", "No organization";
        preferences: "界面", "Screens";
        language: "语言", "Language";
        tokens: "访问令牌", "Access tokens";
        tokens_text: "供程序通过 REST 接口访问，权限与您本人相同。令牌只显示一次，请妥善保管。", "For programs that use the REST interface with your rights. A token is shown once; keep it safe.";
        tokens_empty: "还没有令牌。需要让程序代您操作时，在此新建。", "No tokens yet. Make one when a program is to act for you.";
        token_name: "名称", "Name";
        token_name_hint: "写明用途，例如“夜间导出”。", "What it is for, such as “nightly export”.";
        token_days: "有效天数", "Days it lasts";
        token_create: "新建令牌", "Create a token";
        token_created: "令牌已建好，只在这里显示一次：", "Your token, shown here and never again:";
        token_expires: "到期时间", "Expires";
        token_used: "最近使用", "Last used";
        token_never: "尚未使用", "Never";
        token_revoke: "吊销", "Revoke";
        token_revoke_ask: "吊销“{name}”后，使用它的程序将立即无法访问。", "Programs that use “{name}” lose access at once.";
        keys: "我的快捷键", "My keys";
        keys_text: "点按键，再按下想用的键即可更换，Esc 取消。更换只对本浏览器中的您有效。", "Press a key's button, then the key you want; Esc gives up. It counts for you in this browser.";
        key_press: "请按新键…", "Press a key…";
        key_taken: "“{what}”正在使用这个键", "“{what}” has this key";
        key_labels: "单个数字和字母留给标签使用", "Digits and letters alone belong to labels";
        key_fixed: "这个键有固定用途，不能更换", "This key has a fixed meaning";
        key_reset: "还原", "Reset";
    }
}
