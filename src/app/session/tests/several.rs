//! What is done to several nodes at once.

use super::*;

/// Each by itself, as kubectl does; what is done is one act.
#[test]
fn several_nodes_at_once() {
    let mut session = session();
    let all = ["worker-1", "worker-2", "worker-3"];
    let typed = |text: &'static str| Intent::for_each(all, |node| Intent::EditNode { node, text: text.into() });
    let before = session.world().digest();
    let said = "node/worker-1 tainted\nnode/worker-2 tainted\nnode/worker-3 tainted";
    done(&mut session, typed("dedicated=infra:NoExecute"), said);
    let taints = |session: &Session| session.world().store().nodes.values().map(|node| node.spec.taints.len()).sum();
    assert_eq!(taints(&session), 3_usize);
    session.dispatch(Intent::Undo);
    assert_eq!((session.world().digest(), session.timeline.can_undo()), (before, false));

    // A refusal for one does not keep the others, and is not passed over.
    done(
        &mut session,
        Intent::EditNode { node: "worker-2".into(), text: "a:NoSchedule".into() },
        "node/worker-2 tainted",
    );
    let notice = session.dispatch(typed("a:NoSchedule")).unwrap();
    assert_eq!(notice.kind, NoticeKind::Refused);
    assert!(
        notice.text.starts_with("node/worker-1 tainted\nerror: node worker-2 already has a taint(s)"),
        "{}",
        notice.text
    );
    assert_eq!(taints(&session), 3_usize);
    let again = session.dispatch(typed("a:NoSchedule")).unwrap();
    assert_eq!((again.kind, again.text.lines().count(), taints(&session)), (NoticeKind::Refused, 3, 3_usize));

    // Some hundred lines are nobody's reading.
    session.dispatch(Intent::AddNodes { preset: NodePreset::Worker, count: 97 });
    let names: Vec<String> = session.world().store().nodes.keys().cloned().collect();
    let cordon = |node| Intent::CordonNode { node, unschedulable: true };
    let notice = session.dispatch(Intent::for_each(names.iter().map(String::as_str), cordon)).unwrap();
    assert_eq!((notice.kind, notice.text.lines().count()), (NoticeKind::Done, 9));
    assert!(notice.text.ends_with("… and 92 more"), "{}", notice.text);
    assert!(session.world().store().nodes.values().all(|node| node.spec.unschedulable));
}
