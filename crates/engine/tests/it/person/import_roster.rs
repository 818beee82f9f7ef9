//! Rosters as firms send them: by spreadsheet, in Chinese, with mistakes.

use domain::Error;
use domain::account::{RosterOutcome, RosterReport};
use engine::testing::World;
use engine::{Ctx, account, organization, person};
use std::fmt::Write as _;

async fn with_firm() -> (World, Ctx) {
    let world = World::new().await;
    let root = world.operator().await;
    organization::create(&root, "黔图数据".into(), "guiyang".into()).await.unwrap();
    (world, root)
}

fn outcomes(report: &RosterReport) -> Vec<(u32, &str, RosterOutcome)> {
    report.lines.iter().map(|line| (line.line, line.username.as_str(), line.outcome)).collect()
}

#[tokio::test]
async fn every_row_has_its_line_of_report() {
    use RosterOutcome::{Added, Exists, Rejected};
    let (world, root) = with_firm().await;
    let csv = "\u{feff}用户名,姓名,机构,班组,密码,角色\r\n\
               Zhang.San,张三,黔图数据,一班,,\r\n\
               lisi,李四,黔图数据,一班,a password,项目经理\r\n\
               ,,,,,\r\n\
               \r\n\
               wangwu,王五,别家,,,\r\n\
               坏名字,赵六,,,short,皇帝\r\n\
               root,根,,,,\r\n\
               zhang.san,又一个,,,,\r\n";
    let report = person::import_roster(&root, csv.as_bytes().to_vec()).await.unwrap();
    assert_eq!((report.added, report.existing, report.rejected), (2, 2, 2));
    let expected = [
        (2, "zhang.san", Added),
        (3, "lisi", Added),
        (6, "wangwu", Rejected),
        (7, "坏名字", Rejected),
        (8, "root", Exists),
        (9, "zhang.san", Exists),
    ];
    assert_eq!(outcomes(&report), expected);
    assert!(report.lines[2].message.as_ref().unwrap().zh.contains("别家"));
    assert!(report.lines[3].message.as_ref().unwrap().zh.contains("皇帝"));

    let drawn = report.lines[0].initial_password.clone().unwrap();
    let zhang = account::sign_in(&world.engine, "::1", "zhang.san", &drawn).await.unwrap();
    assert!(zhang.must_change_password && zhang.organization.is_some());
    assert_eq!(report.lines[1].initial_password, None);
    let li = account::sign_in(&world.engine, "::1", "lisi", "a password").await.unwrap();
    assert!(li.must_change_password, "a password that a spreadsheet holds is a one-time one");
    assert_eq!(organization::list(&root).await.unwrap()[0].teams.len(), 1);

    let again = person::import_roster(&root, csv.as_bytes().to_vec()).await.unwrap();
    assert_eq!((again.added, again.existing, again.rejected), (0, 4, 2));
}

#[tokio::test]
async fn gbk_and_tabs_are_read_and_a_file_without_user_names_is_refused() {
    let (_world, root) = with_firm().await;
    let (gbk, _, _) = encoding_rs::GBK.encode("账号\t姓名\t单位\r\nann\t安\t黔图数据\r\n");
    let report = person::import_roster(&root, gbk.into_owned()).await.unwrap();
    assert_eq!(report.added, 1);
    let people = person::list(&root, Default::default()).await.unwrap().rows;
    assert_eq!((people[0].name.as_str(), people[0].organization_name.as_deref()), ("安", Some("黔图数据")));
    for bad in ["姓名,机构\n安,黔图数据\n".as_bytes(), b"", &[0xff, 0xff, 0x80]] {
        let refused = person::import_roster(&root, bad.to_vec()).await.unwrap_err();
        assert!(matches!(refused.refusal(), Some(Error::Invalid(_))), "{refused:?}");
    }
    assert!(person::import_roster(&_world.boss().await, b"username\nben\n".to_vec()).await.is_err());
}

#[tokio::test]
async fn a_whole_province_of_twenty_thousand_fits() {
    let (world, root) = with_firm().await;
    let mut csv = String::from("username,name,organization,team\n");
    for n in 0..20_000 {
        writeln!(csv, "a{n:05},标注员{n},黔图数据,{}班", n % 40).unwrap();
    }
    let report = person::import_roster(&root, csv.into_bytes()).await.unwrap();
    assert_eq!((report.added, report.lines.len()), (20_000, 20_000));
    let firm = &organization::list(&root).await.unwrap()[0];
    assert_eq!((firm.people, firm.teams.len()), (20_000, 40));
    let last = report.lines.last().unwrap();
    let drawn = last.initial_password.as_deref().unwrap();
    assert!(account::sign_in(&world.engine, "::1", "a19999", drawn).await.is_ok());
}
