//! What the session says and does, intent by intent.

use super::*;
use crate::api::manifest;
use crate::app::{MarkKind, NodePreset, NoticeKind, PRESETS, node_of, opening_objects};
use crate::rules::drain::DrainOptions;
use crate::view::remedy::Act;
use std::rc::Rc;

mod several;

const NGINX: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\nspec:\n  selector:\n    matchLabels:\n      app: nginx\n  template:\n    metadata:\n      labels:\n        app: nginx\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.27\n";

fn session() -> Session {
    let nodes = (1..=3).map(|number| node_of(NodePreset::Worker, number)).collect();
    Session::from_scenario(Scenario::of_nodes(nodes)).unwrap()
}

#[track_caller]
fn done(session: &mut Session, intent: Intent, want: &str) {
    let notice = session.dispatch(intent).unwrap();
    assert_eq!((notice.kind, notice.text.as_str()), (NoticeKind::Done, want));
}

#[track_caller]
fn refused(session: &mut Session, intent: Intent, want: &str) {
    let before = (session.world().digest(), session.scenario().clone());
    let notice = session.dispatch(intent).unwrap();
    assert_eq!(notice.kind, NoticeKind::Refused, "{}", notice.text);
    assert!(notice.text.contains(want), "{}", notice.text);
    assert_eq!((session.world().digest(), session.scenario().clone()), before, "a refusal changed something");
}

/// What the page asks for once the reader of manifests has answered.
fn apply(session: &Session, text: &str) -> Intent {
    Intent::Apply(Box::new(manifest::apply(text, *session.cluster(text))))
}

#[track_caller]
fn applied(session: &mut Session, text: &str, want: &str) {
    let intent = apply(session, text);
    done(session, intent, want);
}

fn nginx() -> Key {
    Key::new("default", "nginx")
}

/// What the page asks for once the reader of manifests has admitted the edit.
fn image(session: &Session, image: &str) -> Intent {
    let edit = Edit::Image(image.into());
    let reading = manifest::admit(&session.edited(&nginx(), &edit).unwrap());
    Intent::Admitted { key: nginx(), edit, reading: Box::new(reading) }
}

fn run_ms(session: &mut Session, ms: i64) {
    session.dispatch(Intent::Seek(session.now() + ms));
    while session.snapshot().busy.is_some() {
        session.advance(16.0);
    }
}

/// In the words of kubectl's two streams.
#[test]
fn drains() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    run_ms(&mut session, 5_000);
    let node = "worker-1".to_owned();
    let drain = |options: DrainOptions| Intent::DrainNode { node: node.clone(), options };
    let notice = session.dispatch(drain(DrainOptions::default())).unwrap();
    assert_eq!(notice.kind, NoticeKind::Refused);
    assert!(
        notice.text.starts_with(
            "node/worker-1 cordoned\nerror: unable to drain node \"worker-1\" due to error: cannot delete"
        )
    );
    assert!(session.world().store().nodes[&node].spec.unschedulable);
    refused(&mut session, drain(DrainOptions::default()), "node/worker-1 already cordoned\nerror: unable to drain");
    let ignoring = DrainOptions { ignore_daemonsets: true, ..DrainOptions::default() };
    let notice = session.dispatch(drain(ignoring)).unwrap();
    assert_eq!(notice.kind, NoticeKind::Done);
    assert!(notice.text.contains("\nWarning: ignoring DaemonSet-managed Pods: default/nginx-"), "{}", notice.text);
}

#[test]
fn applies_all_or_nothing() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    applied(&mut session, NGINX, "daemonset.apps/nginx unchanged");
    assert_eq!(session.scenario().inputs.len(), 1, "what changes nothing is no input");
    applied(&mut session, &NGINX.replace("1.27", "1.28"), "daemonset.apps/nginx configured");
    let half = format!(
        "{}\n---\n{}",
        NGINX.replace("name: nginx\nspec", "name: other\nspec"),
        NGINX.replace("image", "imagee")
    );
    let intent = apply(&session, &half);
    refused(&mut session, intent, "imagee");
    let intent = apply(&session, "");
    refused(&mut session, intent, "no objects passed to apply");
    let beside = format!("{NGINX}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n");
    let intent = apply(&session, &beside);
    let notice = session.dispatch(intent).unwrap();
    assert!(notice.text.contains("Service is not simulated"), "{}", notice.text);
}

/// What others changed and the manifest does not say stays; what it says it gets; what it says no
/// more goes away.
#[test]
fn applies_by_merging_three_ways() {
    let mut session = Session::new(&PRESETS[0], opening_objects());
    let text = Preset::find("nginx").unwrap().manifest;
    run_ms(&mut session, 5_000);
    let before = session.world().store().daemon_sets.get(&nginx()).unwrap().metadata.generation;
    // The preset's objects have no annotation, and yet it is known what they were applied from.
    let intent = apply(&session, text);
    let notice = session.dispatch(intent).unwrap();
    assert_eq!((notice.text.as_str(), notice.problems.len()), ("daemonset.apps/nginx unchanged", 0));
    done(&mut session, Intent::Restart(nginx()), "daemonset.apps/nginx restarted");
    let edited = image(&session, "nginx:9");
    done(&mut session, edited, "daemonset.apps/nginx image updated");
    let paused = text.replace("spec:\n  selector", "spec:\n  minReadySeconds: 7\n  selector");
    applied(&mut session, &paused, "daemonset.apps/nginx configured");
    let stored = |session: &Session| Rc::clone(session.world().store().daemon_sets.get(&nginx()).unwrap());
    let now = stored(&session);
    assert!(now.spec.template.metadata.annotations.contains_key("kubectl.kubernetes.io/restartedAt"));
    assert_eq!((now.spec.min_ready_seconds, now.metadata.generation), (7, before + 3));
    assert_ne!(now.spec.template.spec.containers[0].image, "nginx:9");
    applied(&mut session, text, "daemonset.apps/nginx configured");
    assert_eq!(stored(&session).spec.min_ready_seconds, 0);
    applied(&mut session, text, "daemonset.apps/nginx unchanged");
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: worker-1, labels: {disk: ssd}}\n";
    let intent = apply(&session, node);
    let notice = session.dispatch(intent).unwrap();
    assert_eq!(notice.text, "node/worker-1 configured");
    assert!(notice.problems[0].message.contains("nodes/worker-1 is missing the kubectl.kubernetes.io/last-applied"));
    let label = |session: &Session, key: &str| session.world().store().nodes["worker-1"].label(key).map(str::to_owned);
    assert_eq!(
        (label(&session, "disk"), label(&session, "kubernetes.io/hostname")),
        (Some("ssd".into()), Some("worker-1".into()))
    );
    let node = node.replace("disk: ssd", "");
    applied(&mut session, &node, "node/worker-1 configured");
    assert_eq!((label(&session, "disk"), label(&session, "kubernetes.io/hostname")), (None, Some("worker-1".into())));
}

#[test]
fn node_numbers_are_not_given_twice() {
    let mut session = session();
    let add = |preset, count| Intent::AddNodes { preset, count };
    done(&mut session, add(NodePreset::Worker, 1), "worker-4 joins");
    done(&mut session, Intent::DeleteNode("worker-4".into()), "node \"worker-4\" deleted");
    done(&mut session, add(NodePreset::Worker, 2), "2 nodes join: worker-5 to worker-6");
    done(&mut session, add(NodePreset::Gpu, 1), "gpu-1 joins");
    refused(&mut session, add(NodePreset::Worker, 0), "1 to 500");
    refused(&mut session, add(NodePreset::Worker, 501), "1 to 500");
    assert_eq!(session.world().store().nodes.len(), 6);
}

#[test]
fn nodes_are_changed_in_kubectls_words() {
    let mut session = session();
    let node = || "worker-1".to_owned();
    let label =
        |value: Option<&str>| Intent::LabelNode { node: node(), key: "disk".into(), value: value.map(Into::into) };
    done(&mut session, label(Some("ssd")), "node/worker-1 labeled");
    done(&mut session, label(Some("ssd")), "node/worker-1 not labeled");
    done(&mut session, label(None), "node/worker-1 unlabeled");
    refused(&mut session, label(None), "label \"disk\" not found.");
    done(&mut session, Intent::EditNode { node: node(), text: "a=b:NoSchedule".into() }, "node/worker-1 tainted");
    refused(&mut session, Intent::EditNode { node: node(), text: "a=b:NoSchedule".into() }, "already has a taint(s)");
    let untaint = || Intent::UntaintNode { node: node(), key: "a".into(), effect: crate::api::TaintEffect::NoSchedule };
    done(&mut session, untaint(), "node/worker-1 untainted");
    refused(&mut session, untaint(), "error: taint \"a:NoSchedule\" not found");
    let cordon = || Intent::CordonNode { node: node(), unschedulable: true };
    done(&mut session, cordon(), "node/worker-1 cordoned");
    done(&mut session, cordon(), "node/worker-1 already cordoned");
    refused(&mut session, Intent::DeleteNode("nosuch".into()), "nodes \"nosuch\" not found");
}

/// What Why offers is done as a person would do it, turns the verdict, and is taken back.
#[test]
fn offered_edits_are_done_and_undone() {
    let picky =
        NGINX.replace("    spec:\n      containers", "    spec:\n      nodeSelector: {disk: ssd}\n      containers");
    for act in 0..2 {
        let mut session = session();
        applied(&mut session, &picky, "daemonset.apps/nginx created");
        run_ms(&mut session, 5_000);
        let runs = |session: &Session| {
            let explanation = session.explain(&nginx()).unwrap();
            explanation.rows.iter().map(|row| row.should_run).collect::<Vec<_>>()
        };
        assert_eq!(runs(&session), [false; 3]);
        let fix = session.explain(&nginx()).unwrap().rows[1].fixes[act].clone();
        match fix.act {
            Act::Node(text) => {
                assert_eq!((text.as_str(), act), ("label disk=ssd", 0));
                done(&mut session, Intent::EditNode { node: "worker-2".into(), text }, "node/worker-2 labeled");
                assert_eq!(runs(&session), [false, true, false]);
            }
            Act::Template(edits) => {
                let edit = Edit::Placement(edits);
                let reading = Box::new(manifest::admit(&session.edited(&nginx(), &edit).unwrap()));
                let intent = Intent::Admitted { key: nginx(), edit, reading };
                done(&mut session, intent.clone(), "daemonset.apps/nginx patched");
                assert_eq!(
                    (runs(&session), fix.touches.as_str()),
                    (vec![true; 3], "changes 2 other nodes; a new revision")
                );
                done(&mut session, intent, "daemonset.apps/nginx patched (no change)");
            }
        }
        session.dispatch(Intent::Undo);
        run_ms(&mut session, 1);
        assert_eq!(runs(&session), [false; 3]);
    }
}

#[test]
fn daemon_sets_are_edited_as_manifests() {
    let mut session = session();
    let missing = session.edited(&nginx(), &Edit::Image("nginx:1.28".into())).unwrap_err();
    assert_eq!(
        (missing.kind, missing.text.contains("daemonsets.apps \"nginx\" not found")),
        (NoticeKind::Refused, true)
    );
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    let edit = image(&session, "nginx:1.28");
    done(&mut session, edit.clone(), "daemonset.apps/nginx image updated");
    done(&mut session, edit, "daemonset.apps/nginx unchanged");
    let edit = image(&session, " ");
    refused(&mut session, edit, "spec.template.spec.containers[0].image: Required value");
    done(&mut session, Intent::Restart(nginx()), "daemonset.apps/nginx restarted");
    refused(
        &mut session,
        Intent::RollBack { key: nginx(), revision: 9 },
        "unable to find specified revision 9 in history",
    );
    let delete = Intent::DeleteDaemonSet { key: nginx(), cascade: crate::sim::Cascade::Background };
    done(&mut session, delete, "daemonset.apps \"nginx\" deleted from default namespace");
}

#[test]
fn undo_goes_to_the_change_and_redo_returns() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    run_ms(&mut session, 5_000);
    session.dispatch(Intent::AddNodes { preset: NodePreset::Worker, count: 1 });
    run_ms(&mut session, 3_000);
    let shown = (session.now(), session.world().digest());
    session.dispatch(Intent::Undo);
    assert_eq!((session.now(), session.world().store().nodes.len()), (Time(5_000), 3));
    session.dispatch(Intent::Redo);
    assert_eq!((session.now(), session.world().digest()), shown);
    session.dispatch(Intent::Undo);
    session.dispatch(Intent::Undo);
    assert_eq!(session.now(), Time::ZERO);
    assert!(!session.snapshot().can_undo);
    assert!(session.snapshot().can_redo);
    refused(&mut session, Intent::Undo, "nothing to take back");
}

#[test]
fn editing_the_past_drops_the_future_until_undo() {
    let mut session = session();
    run_ms(&mut session, 5_000);
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    run_ms(&mut session, 5_000);
    let future = session.world().digest();
    session.dispatch(Intent::Seek(Time(2_000)));
    assert!(session.world().store().daemon_sets.is_empty());
    assert_eq!(session.snapshot().timeline.end, Time(10_000), "looking back forgets nothing");
    session.dispatch(Intent::AddNodes { preset: NodePreset::Worker, count: 1 });
    assert_eq!(session.snapshot().timeline.end, Time(2_000));
    assert_eq!(session.scenario().inputs.len(), 1);
    session.dispatch(Intent::Undo);
    session.dispatch(Intent::Seek(Time(10_000)));
    assert_eq!(session.world().digest(), future);
}

#[test]
fn a_preset_can_be_taken_back() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    let mine = session.world().digest();
    let objects = PRESETS[0].objects();
    session.dispatch(Intent::LoadPreset { id: "nginx", objects });
    assert!(session.snapshot().playing && session.world().store().nodes.len() == 4);
    session.dispatch(Intent::Undo);
    assert_eq!(session.world().digest(), mine);
    session.dispatch(Intent::Redo);
    assert_eq!(session.world().store().nodes.len(), 4);
    session.dispatch(Intent::Undo);
    session.dispatch(Intent::Restart(nginx()));
    assert!(!session.snapshot().can_redo, "another act gives the later scenario up");
}

#[test]
fn time_runs_with_the_speed_and_never_catches_up() {
    let mut session = session();
    assert!(!session.advance(16.0), "paused time does not run");
    session.dispatch(Intent::SetPlaying(true));
    session.advance(16.0);
    assert_eq!(session.now(), Time(16));
    session.dispatch(Intent::SetSpeed(Speed(250)));
    for _ in 0..8 {
        session.advance(1.0);
    }
    assert_eq!(session.now(), Time(18), "fractions add up");
    session.advance(60_000.0);
    assert_eq!(session.now(), Time(18 + 62), "a page that slept does not catch up");
    for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -5.0] {
        session.advance(nonsense);
    }
    assert!(session.now() <= Time(18 + 62 + 4 * 63));
}

#[test]
fn steps_lead_from_event_to_event() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    let mut moments = vec![session.now()];
    for _ in 0..6 {
        session.dispatch(Intent::StepForward);
        let snapshot = session.snapshot();
        assert_eq!(snapshot.events.last().unwrap().at, snapshot.timeline.now, "something happened at this moment");
        moments.push(session.now());
    }
    assert!(moments.is_sorted_by(|a, b| a < b), "{moments:?}");
    for want in moments.iter().rev().skip(1) {
        session.dispatch(Intent::StepBack);
        assert_eq!(session.now(), *want);
    }
    session.dispatch(Intent::StepForward);
    assert_eq!(Some(&session.now()), moments.get(1), "the known future is stepped through again");
}

#[test]
fn the_strip_shows_what_was_done() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    run_ms(&mut session, 60_000);
    let edit = image(&session, "nginx:1.28");
    session.dispatch(edit);
    let view = session.snapshot().timeline;
    let acts: Vec<_> =
        view.marks.iter().filter(|mark| mark.kind == MarkKind::UserAction).map(|mark| mark.at.0).collect();
    assert_eq!(acts, [0, 60_000]);
    let spans: Vec<_> = view.spans.iter().map(|span| (span.from.0, span.text.as_str())).collect();
    assert_eq!(spans, [(0, "rollout nginx"), (60_000, "rollout nginx")]);
}

#[test]
fn far_seeks_are_slices_that_can_be_ended() {
    let mut session = session();
    applied(&mut session, NGINX, "daemonset.apps/nginx created");
    session.dispatch(Intent::Seek(Time(i64::MAX)));
    let mut slices = 0;
    while session.snapshot().busy.is_some() {
        session.advance(16.0);
        slices += 1;
        assert!(slices < 100_000, "never ends");
    }
    assert_eq!(session.now(), LAST_MOMENT);
    refused(&mut session, Intent::SetPlaying(true), "24 hours");
    session.dispatch(Intent::Seek(Time(-5)));
    while session.snapshot().busy.is_some() {
        session.advance(16.0);
    }
    assert_eq!(session.now(), Time::ZERO);
}
