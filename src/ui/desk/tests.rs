//! Changes of what is looked at.

use super::*;

fn notice(kind: NoticeKind, text: &str) -> Notice {
    Notice { kind, text: text.to_owned(), problems: Vec::new() }
}

#[test]
fn refusals_stay_and_good_news_makes_room() {
    let mut desk = Desk::default();
    desk.post(notice(NoticeKind::Done, "node/a labeled"), true);
    let refused = desk.post(notice(NoticeKind::Refused, "no"), false);
    desk.post(notice(NoticeKind::Done, "node/b labeled"), true);
    let texts: Vec<_> = desk.notices.iter().map(|posted| posted.notice.text.as_str()).collect();
    assert_eq!(texts, ["no", "node/b labeled"]);
    desk.show(View::Dismiss(refused));
    assert_eq!(desk.notices.len(), 1);
}

#[test]
fn notices_are_limited() {
    let mut desk = Desk::default();
    for i in 0..10 {
        desk.post(notice(NoticeKind::Refused, &i.to_string()), false);
    }
    assert_eq!(desk.notices.len(), NOTICES_MAX);
}

#[test]
fn a_selected_node_opens_its_tab() {
    let mut desk = Desk::default();
    desk.show(View::Node("worker-1".to_owned()));
    assert_eq!(desk.tab, SideTab::Node);
    desk.show(View::Workload(Key::new("default", "nginx")));
    assert_eq!(desk.tab, SideTab::Workload);
}

#[test]
fn a_focus_brings_its_workload_along() {
    let mut desk = Desk::default();
    let key = Key::new("default", "nginx");
    desk.show(View::Focus(Some(key.clone())));
    assert_eq!((desk.focus.as_deref(), desk.workload.as_ref()), (Some(&key), Some(&key)));
    desk.show(View::Focus(None));
    assert_eq!((desk.focus.as_deref(), desk.workload.as_ref()), (None, Some(&key)));
}

#[test]
fn a_column_is_looked_at_until_something_else_is() {
    let mut desk = Desk::default();
    desk.show(View::Counted(Key::new("default", "nginx"), 2));
    assert_eq!((desk.tab, desk.section, desk.counted), (SideTab::Why, Section::Side, Some(2)));
    desk.show(View::Why(Key::new("default", "nginx")));
    assert_eq!(desk.counted, None);
}

#[test]
fn themes_go_round() {
    assert_eq!(Theme::Auto.next().next().next(), Theme::Auto);
    assert_eq!(Theme::of_name(Theme::Dark.name()), Theme::Dark);
    assert_eq!(Theme::of_name("<script>"), Theme::Auto);
}
