//! The laws of the timeline and of the session, over random acts.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod digest_run;

#[path = "timeline/futures.rs"]
mod futures;

use daemonset_playground::api::manifest;
use daemonset_playground::api::{Key, Quantity, Taint, TaintEffect, UpdateStrategyType};
use daemonset_playground::app::{
    Edit, Intent, NodePreset, Notice, NoticeKind, PRESETS, Session, Speed, node_of, opening_objects,
};
use daemonset_playground::base::Time;
use daemonset_playground::embed::Player;
use daemonset_playground::sim::{Actor, Cascade, Command, Event, Fault, Knobs};
use daemonset_playground::timeline::{Input, Scenario, Timeline};
use daemonset_playground::view::{Frame, Grouping, PodChip, StrategyKnobs};
use proptest::prelude::*;
use std::rc::Rc;

// What happens to a timeline.

#[derive(Clone, Debug)]
enum Step {
    Act(Vec<Command>),
    Pass(i64),
    Seek(i64),
    ToEvent,
    Undo,
    Redo,
    TakeFuture(usize),
}

fn node_name() -> impl Strategy<Value = String> {
    (1..6_usize).prop_map(|number| format!("worker-{number}"))
}

fn effect() -> impl Strategy<Value = TaintEffect> {
    prop_oneof![Just(TaintEffect::NoSchedule), Just(TaintEffect::PreferNoSchedule), Just(TaintEffect::NoExecute)]
}

fn manifest(name: &str, image: u8, surge: bool, selector: bool) -> String {
    let strategy = if surge { "{maxSurge: 1, maxUnavailable: 0}" } else { "{maxUnavailable: 2}" };
    let node_selector = if selector { "{disk: ssd}" } else { "{}" };
    format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  \
         updateStrategy: {{type: RollingUpdate, rollingUpdate: {strategy}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    \
         spec:\n      nodeSelector: {node_selector}\n      containers:\n      - {{name: main, image: '{name}:1.{image}'}}\n"
    )
}

/// DaemonSets that went through the reading of manifests, as all do that reach a timeline.
fn apply_command() -> impl Strategy<Value = Command> {
    (prop_oneof!["a", "b"], 0..3_u8, any::<bool>(), any::<bool>()).prop_map(|(name, image, surge, selector)| {
        let reading = daemonset_playground::api::manifest::read(&manifest(&name, image, surge, selector));
        let object = reading.objects.into_iter().next().map(|read| read.object);
        match object {
            Some(daemonset_playground::api::manifest::Object::DaemonSet(daemon_set)) => {
                Command::ApplyDaemonSet { daemon_set }
            }
            other => panic!("{other:?} {:?}", reading.problems),
        }
    })
}

fn command() -> impl Strategy<Value = Command> {
    let key = prop_oneof!["a", "b"].prop_map(|name| Key::new("default", name));
    let cascade = prop_oneof![Just(Cascade::Background), Just(Cascade::Foreground), Just(Cascade::Orphan)];
    let fault = prop_oneof![Just(Fault::Unreachable), Just(Fault::NotReady)];
    prop_oneof![
        4 => apply_command(),
        2 => (1..6_usize).prop_map(|number| Command::AddNode { node: Box::new(node_of(NodePreset::Worker, number)) }),
        1 => node_name().prop_map(|name| Command::DeleteNode { name }),
        2 => (node_name(), prop::option::of(Just("ssd".to_owned())))
            .prop_map(|(name, value)| Command::LabelNode { name, key: "disk".into(), value }),
        2 => (node_name(), effect()).prop_map(|(name, effect)| Command::TaintNode { name, taint: Taint::new("dedicated", effect) }),
        1 => (node_name(), prop::option::of(effect()))
            .prop_map(|(name, effect)| Command::UntaintNode { name, key: "dedicated".into(), effect }),
        1 => (node_name(), any::<bool>()).prop_map(|(name, unschedulable)| Command::CordonNode { name, unschedulable }),
        1 => (node_name(), fault).prop_map(|(name, fault)| Command::BreakNode { name, fault }),
        1 => node_name().prop_map(|name| Command::RepairNode { name }),
        1 => (key, cascade).prop_map(|(key, cascade)| Command::DeleteDaemonSet { key, cascade }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => prop::collection::vec(command(), 1..3).prop_map(Step::Act),
        4 => (0..20_000_i64).prop_map(Step::Pass),
        2 => (0..90_000_i64).prop_map(Step::Seek),
        2 => Just(Step::ToEvent),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
        2 => (0..4_usize).prop_map(Step::TakeFuture),
    ]
}

fn knobs() -> impl Strategy<Value = Knobs> {
    // With latencies of 0 much falls on one instant.
    let quick = Knobs {
        watch_latency_ms: 0,
        api_latency_ms: 0,
        bind_latency_ms: 0,
        scheduling_cycle_ms: 0,
        sandbox_ms: 0,
        image_pull_ms: 0,
        container_start_ms: 0,
        container_stop_ms: 0,
        pod_cleanup_ms: 0,
        node_ready_ms: 0,
        ..Knobs::default()
    };
    prop_oneof![3 => Just(Knobs::default()), 1 => Just(quick)]
}

fn start() -> impl Strategy<Value = Scenario> {
    (0..1_000_u64, knobs(), 0..4_usize).prop_map(|(seed, knobs, count)| Scenario {
        seed,
        knobs,
        ..Scenario::of_nodes((1..=count).map(|number| node_of(NodePreset::Worker, number)).collect())
    })
}

fn arrive(timeline: &mut Timeline, at: Time) {
    let run = timeline.seek(at, 5_000_000);
    assert!(run.arrived, "the cluster does not get from {} to {at}", timeline.now());
}

fn take(timeline: &mut Timeline, step: &Step) {
    match step {
        Step::Act(commands) => drop(timeline.insert(commands.clone())),
        Step::Pass(ms) => arrive(timeline, timeline.now() + *ms),
        Step::Seek(ms) => arrive(timeline, Time(*ms)),
        Step::ToEvent => {
            let until = timeline.now() + 100_000;
            timeline.run_to_event(None, until, 100_000);
        }
        Step::Undo => drop(timeline.undo().map(|at| arrive(timeline, at))),
        Step::Redo => drop(timeline.redo().map(|at| arrive(timeline, at))),
        Step::TakeFuture(number) => {
            let id = timeline.futures().get(*number).map(|future| future.id);
            if let Some(at) = id.and_then(|id| timeline.take_future(id)) {
                arrive(timeline, at);
            }
        }
    }
}

/// A timeline to which all that was done.
fn lived(start: &Scenario, steps: &[Step]) -> Timeline {
    let mut timeline = Timeline::new(start.clone()).unwrap();
    steps.iter().for_each(|step| take(&mut timeline, step));
    timeline
}

/// The events up to the moment shown.
fn past(timeline: &Timeline) -> Vec<Rc<Event>> {
    timeline.events(0, timeline.event_count().0).cloned().collect()
}

/// All that one can see of a timeline at a moment.
fn seen(timeline: &Timeline) -> (Time, u64, Vec<Rc<Event>>, Scenario) {
    (timeline.now(), timeline.world().digest(), past(timeline), timeline.scenario().clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn seek_is_replay(start in start(), steps in prop::collection::vec(step(), 1..14), moments in prop::collection::vec(0..120_000_i64, 1..5)) {
        let mut timeline = lived(&start, &steps);
        let now = timeline.now();
        for at in std::iter::once(now).chain(moments.into_iter().map(Time)) {
            arrive(&mut timeline, at);
            let mut fresh = Timeline::new(timeline.scenario().clone()).unwrap();
            arrive(&mut fresh, at);
            prop_assert_eq!(seen(&timeline), seen(&fresh));
        }
    }

    #[test]
    fn slices_make_no_difference(start in start(), steps in prop::collection::vec(step(), 1..10), budget in 1..40_usize, at in 0..60_000_i64) {
        let mut timeline = lived(&start, &steps);
        let scenario = timeline.scenario().clone();
        arrive(&mut timeline, Time(at));
        let mut sliced = Timeline::new(scenario).unwrap();
        let mut run = sliced.seek(Time(at), budget);
        while !run.arrived {
            prop_assert!(run.turns <= budget);
            run = sliced.run(Time(at), budget);
        }
        prop_assert_eq!(seen(&timeline), seen(&sliced));
        // What was simulated beyond is the same as well.
        let end = timeline.end();
        arrive(&mut timeline, end);
        arrive(&mut sliced, end);
        prop_assert_eq!(seen(&timeline), seen(&sliced));
        prop_assert_eq!(timeline.rollouts(), sliced.rollouts());
    }

    #[test]
    fn undo_and_redo_are_inverse(start in start(), steps in prop::collection::vec(step(), 1..14), act in command(), pass in 0..5_000_i64) {
        let mut timeline = lived(&start, &steps);
        timeline.finish_instant();
        let before = seen(&timeline);
        if timeline.insert(vec![act]).is_err() {
            prop_assert_eq!(seen(&timeline), before, "a refusal changed something");
            return Ok(());
        }
        let done_at = timeline.now();
        arrive(&mut timeline, done_at + pass);
        let after = seen(&timeline);
        let at = timeline.undo().unwrap();
        prop_assert_eq!(at, before.0);
        arrive(&mut timeline, at);
        prop_assert_eq!(seen(&timeline), before);
        let at = timeline.redo().unwrap();
        arrive(&mut timeline, at);
        prop_assert_eq!(seen(&timeline), after);
    }

    #[test]
    fn all_undone_is_the_start(start in start(), steps in prop::collection::vec(step(), 1..10)) {
        let mut timeline = lived(&start, &steps);
        while let Some(at) = timeline.undo() {
            arrive(&mut timeline, at);
        }
        prop_assert_eq!(timeline.scenario(), &start);
    }

    #[test]
    fn scenarios_survive_files(start in start(), steps in prop::collection::vec(step(), 1..10)) {
        let timeline = lived(&start, &steps);
        let scenario = timeline.scenario();
        prop_assert_eq!(&Scenario::from_json(&scenario.to_json().unwrap()).unwrap(), scenario);
        prop_assert_eq!(&Scenario::from_yaml(&scenario.to_yaml().unwrap()).unwrap(), scenario);
    }
}

// What happens to a session.

/// What the page does: it asks for something, or has an edit admitted and then stored.
#[derive(Clone, Debug)]
enum Act {
    Do(Intent),
    Apply(String),
    Edit(Key, Edit),
}

fn dispatch(session: &mut Session, act: Act) -> Option<Notice> {
    match act {
        Act::Do(intent) => session.dispatch(intent),
        Act::Apply(text) => {
            let applied = manifest::apply(&text, *session.cluster(&text));
            session.dispatch(Intent::Apply(Box::new(applied)))
        }
        Act::Edit(key, edit) => match session.edited(&key, &edit) {
            Err(notice) => Some(notice),
            Ok(daemon_set) => {
                let reading = Box::new(manifest::admit(&daemon_set));
                session.dispatch(Intent::Admitted { key, edit, reading })
            }
        },
    }
}

fn act() -> impl Strategy<Value = Act> {
    let key = || prop_oneof![3 => "a|b|nginx", 1 => "\\PC{0,6}"].prop_map(|name| Key::new("default", name));
    let knobs = (any::<bool>(), "[0-9%-]{0,4}", "[0-9%-]{0,4}", prop_oneof![0..5_i32, any::<i32>()]).prop_map(
        |(on_delete, max_unavailable, max_surge, min_ready_seconds)| StrategyKnobs {
            kind: if on_delete { UpdateStrategyType::OnDelete } else { UpdateStrategyType::RollingUpdate },
            max_unavailable,
            max_surge,
            min_ready_seconds,
        },
    );
    let yaml = prop_oneof![
        4 => ("a|b", 0..3_u8, any::<bool>(), any::<bool>()).prop_map(|(n, i, s, l)| manifest(&n, i, s, l)),
        1 => "\\PC{0,80}",
        1 => ("a|b", 0..200_usize).prop_map(|(name, at)| {
            let mut text = manifest(&name, 1, false, true);
            if at < text.len() && text.is_char_boundary(at) { text.insert(at, ':') }
            text
        }),
    ];
    prop_oneof![
        8 => intent().prop_map(Act::Do),
        2 => yaml.prop_map(Act::Apply),
        1 => (key(), "\\PC{0,12}").prop_map(|(key, image)| Act::Edit(key, Edit::Image(image))),
        1 => (key(), knobs).prop_map(|(key, strategy)| Act::Edit(key, Edit::Strategy(strategy))),
    ]
}

fn intent() -> impl Strategy<Value = Intent> {
    let key = || prop_oneof![3 => "a|b|nginx", 1 => "\\PC{0,6}"].prop_map(|name| Key::new("default", name));
    let node = || prop_oneof![4 => node_name(), 1 => "\\PC{0,6}"];
    let load = |id, objects| Intent::LoadPreset { id, objects };
    let time = prop_oneof![4 => 0..100_000_i64, 1 => any::<i64>()];
    let text = prop_oneof!["[a-z=:/. -]{0,12}", "\\PC{0,30}", "a=b:NoSchedule", "disk=ssd", "a-", "a:NoExecute-"];
    let preset = prop_oneof![
        Just(NodePreset::Worker),
        Just(NodePreset::ControlPlane),
        Just(NodePreset::Gpu),
        Just(NodePreset::Windows),
        Just(NodePreset::Spot),
        Just(NodePreset::Edge)
    ];
    prop_oneof![
        2 => (preset, prop_oneof![0..4_usize, Just(501), Just(usize::MAX)]).prop_map(|(preset, count)| Intent::AddNodes { preset, count }),
        1 => node().prop_map(Intent::DeleteNode),
        1 => (node(), "\\PC{0,8}", prop::option::of("\\PC{0,8}")).prop_map(|(node, key, value)| Intent::LabelNode { node, key, value }),
        1 => (node(), "[a-z]{0,3}", "[a-z ]{0,3}", effect()).prop_map(|(node, key, value, effect)| Intent::TaintNode { node, taint: Taint { key, value, effect } }),
        2 => (node(), text).prop_map(|(node, text)| Intent::EditNode { node, text }),
        1 => (node(), "[a-z]{0,3}", effect()).prop_map(|(node, key, effect)| Intent::UntaintNode { node, key, effect }),
        1 => (node(), any::<bool>()).prop_map(|(node, unschedulable)| Intent::CordonNode { node, unschedulable }),
        1 => node().prop_map(|node| Intent::BreakNode { node, fault: Fault::Unreachable }),
        1 => node().prop_map(Intent::RepairNode),
        1 => key().prop_map(Intent::DeletePod),
        1 => (key(), prop_oneof![-1..4_i64, any::<i64>()]).prop_map(|(key, revision)| Intent::RollBack { key, revision }),
        1 => key().prop_map(Intent::Restart),
        1 => key().prop_map(|key| Intent::DeleteDaemonSet { key, cascade: Cascade::Foreground }),
        2 => any::<bool>().prop_map(Intent::SetPlaying),
        1 => any::<u32>().prop_map(|permille| Intent::SetSpeed(Speed(permille))),
        2 => Just(Intent::StepForward),
        2 => Just(Intent::StepBack),
        2 => time.prop_map(|ms| Intent::Seek(Time(ms))),
        2 => Just(Intent::Undo),
        1 => Just(Intent::Redo),
        1 => (1..6_u32).prop_map(Intent::TakeFuture),
        1 => prop_oneof![Just(None), Just(Some(Actor::Kubelet))].prop_map(Intent::StepBy),
        1 => (0..PRESETS.len()).prop_map(move |index| load(PRESETS[index].id, PRESETS[index].objects())),
        1 => Just(load("no such preset", Vec::new())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn sessions_bear_anything(start in start(), acts in prop::collection::vec((act(), prop_oneof![4 => 0.0..300.0_f64, 1 => any::<f64>()]), 1..25)) {
        let mut session = Session::from_scenario(start).unwrap();
        for (act, elapsed_ms) in acts {
            let before = (session.now(), session.scenario().clone());
            let moves = matches!(act, Act::Do(Intent::Undo | Intent::Redo | Intent::TakeFuture(_) | Intent::StepBack | Intent::StepForward | Intent::Seek(_)));
            let notice = dispatch(&mut session, act);
            if notice.is_some_and(|notice| notice.kind == NoticeKind::Refused) && !moves {
                prop_assert_eq!(&(session.now(), session.scenario().clone()), &before);
            }
            let now = session.now();
            let may_change = session.advance(elapsed_ms);
            prop_assert!(may_change || session.now() == now);
            let snapshot = session.snapshot();
            let view = &snapshot.timeline;
            prop_assert_eq!(view.now, session.now());
            prop_assert!(snapshot.frame.now == session.now() || snapshot.busy.is_some());
            prop_assert!(view.start <= view.now && view.now <= view.end);
            prop_assert!(view.marks.is_sorted_by_key(|mark| mark.at) && view.marks.len() <= 300);
            prop_assert!(view.spans.iter().all(|span| span.from <= span.to));
            prop_assert!(snapshot.events.iter().all(|row| row.at <= view.now));
            prop_assert!(snapshot.events.is_sorted_by_key(|row| row.id));
            prop_assert_eq!(&session.snapshot(), &snapshot, "looking changes nothing");
        }
        // Whatever was done, what is shown is what a replay shows.
        session.dispatch(Intent::SetPlaying(false));
        let mut fresh = Timeline::new(session.scenario().clone()).unwrap();
        arrive(&mut fresh, session.now());
        prop_assert_eq!(session.world().digest(), fresh.world().digest());
    }

    /// Frames that are drawn from frame to frame equal those drawn from nothing, but for the
    /// colours that DaemonSets keep while they are in sight.
    #[test]
    fn frames_are_those_of_the_world(acts in prop::collection::vec((act(), 0.0..250.0_f64), 1..12)) {
        let mut session = Session::new(&PRESETS[0], opening_objects());
        for (act, elapsed_ms) in acts {
            dispatch(&mut session, act);
            session.advance(elapsed_ms);
            let snapshot = session.snapshot();
            if snapshot.busy.is_some() {
                continue;
            }
            prop_assert_eq!(unstyled(&snapshot.frame), unstyled(&daemonset_playground::view::project(session.world(), Grouping::Role, None)));
        }
    }
}

/// Commands that come from outside did not go through the reading of manifests.
fn raw_command() -> impl Strategy<Value = String> {
    let number = prop_oneof![4 => 0..20_i32, 1 => any::<i32>()];
    let amounts = prop_oneof![
        3 => ("[1-9][0-9]?%", Just("0%".to_owned())),
        3 => (Just("0%".to_owned()), "[1-9][0-9]?%"),
        1 => ("[0-9]{1,3}%", "x?"),
    ];
    let labels = prop_oneof![8 => Just(r#"{"app":"a"}"#), 1 => Just("{}"), 1 => Just(r#"{"":""}"#)];
    let daemon_set = (
        "[ab]",
        labels.clone(),
        labels,
        number.clone(),
        number,
        amounts,
        prop_oneof![1 => Just(0), 6 => Just(1), 1 => Just(2)],
    );
    let daemon_set = daemon_set.prop_map(|(name, selector, own, ready, history, (unavailable, surge), containers)| {
        let containers =
            vec![format!(r#"{{"name":"c","image":"{name}","ports":[{{"hostPort":{ready}}}]}}"#); containers].join(",");
        format!(
            r#"{{"do":"applyDaemonSet","daemon_set":{{"metadata":{{"name":"{name}"}},"spec":{{
                "selector":{{"matchLabels":{selector}}},"minReadySeconds":{ready},"revisionHistoryLimit":{history},
                "updateStrategy":{{"rollingUpdate":{{"maxUnavailable":"{unavailable}","maxSurge":"{surge}"}}}},
                "template":{{"metadata":{{"labels":{own}}},"spec":{{"containers":[{containers}],
                "terminationGracePeriodSeconds":{history}}}}}}}}}}}"#
        )
    });
    let node = ("[ab]?", "[0-9]{1,30}").prop_map(|(name, cpu)| {
        format!(r#"{{"do":"addNode","node":{{"metadata":{{"name":"{name}"}},"status":{{"allocatable":{{"cpu":"{cpu}"}}}}}}}}"#)
    });
    prop_oneof![4 => daemon_set, 1 => node]
}

proptest! {
    #[test]
    fn players_bear_raw_commands(commands in prop::collection::vec(raw_command(), 1..8), ms in 0.0..100_000.0_f64) {
        let mut player = Player::new(r#"{"nodes":2}"#).unwrap();
        for command in commands {
            let before = player.digest();
            match player.command(&command) {
                // What is no command is a mistake of this test, not of who calls.
                Err(why) => {
                    prop_assert!(!why.starts_with("command: "), "{} {}", why, command);
                    prop_assert_eq!(player.digest(), before);
                }
                Ok(_) => drop(player.seek(player.moment().now.0 as f64 + 500.0).unwrap()),
            }
        }
        player.seek(ms).unwrap();
        player.settle().unwrap();
        let mut replay = Player::from_scenario(&player.scenario().unwrap()).unwrap();
        replay.seek(player.moment().now.0 as f64).unwrap();
        prop_assert_eq!(replay.digest(), player.digest());
        prop_assert_eq!(replay.frame(), player.frame());
    }
}

fn unstyled(frame: &Frame) -> Frame {
    let mut frame = frame.clone();
    let mut chips: Vec<&mut Rc<PodChip>> = frame.lane.iter_mut().collect();
    for group in &mut frame.groups {
        let nodes = Rc::make_mut(group).nodes.iter_mut();
        chips.extend(nodes.flat_map(|node| Rc::make_mut(node).pods.iter_mut()));
    }
    chips.into_iter().for_each(|chip| Rc::make_mut(chip).style = None);
    frame.workloads.iter_mut().for_each(|card| Rc::make_mut(card).style = 0);
    frame
}

#[test]
fn playing_is_seeking() {
    let mut played = Session::new(&PRESETS[0], opening_objects());
    let mut sought = Session::new(&PRESETS[0], opening_objects());
    for _ in 0..1_000 {
        played.advance(16.5);
    }
    sought.dispatch(Intent::Seek(played.now()));
    assert_eq!(played.now(), Time(16_500));
    assert_eq!(played.world().digest(), sought.world().digest());
    assert_eq!(played.snapshot().events, sought.snapshot().events);
}

#[test]
fn presets_are_within_the_limits() {
    for preset in PRESETS {
        let mut session = Session::new(preset, preset.objects());
        assert!(session.snapshot().playing);
        assert_eq!(session.world().store().nodes.len(), (preset.nodes)().len(), "{}", preset.id);
        assert!(!session.world().store().daemon_sets.is_empty(), "{}", preset.id);
        session.dispatch(Intent::Seek(Time(300_000)));
        while session.snapshot().busy.is_some() {
            session.advance(16.0);
        }
        assert_eq!(session.now(), Time(300_000), "{}", preset.id);
    }
}

#[test]
fn an_input_goes_behind_those_of_its_instant() {
    let mut timeline = Timeline::new(Scenario::of_nodes(vec![node_of(NodePreset::Worker, 1)])).unwrap();
    let label =
        |value: &str| Command::LabelNode { name: "worker-1".into(), key: "disk".into(), value: Some(value.into()) };
    arrive(&mut timeline, Time(500));
    for value in ["first", "second", "third"] {
        timeline.insert(vec![label(value)]).unwrap();
    }
    arrive(&mut timeline, Time(100));
    arrive(&mut timeline, Time(500));
    assert_eq!(timeline.world().store().nodes["worker-1"].metadata.labels["disk"], "third");
    assert_eq!(timeline.scenario().inputs.iter().map(|input| input.at.0).collect::<Vec<_>>(), [500; 3]);
}

/// Going back over a quiet stretch and acting there: the stretch must not come back.
#[test]
fn an_act_in_a_quiet_stretch_stays_where_it_is() {
    let mut session = Session::new(&PRESETS[0], opening_objects());
    session.dispatch(Intent::SetPlaying(false));
    let quiet = |session: &Session| session.world().next_wakeup().is_none_or(|at| at.0 > session.now().0 + 20);
    while !quiet(&session) {
        session.dispatch(Intent::StepForward);
    }
    let at = session.now();
    session.dispatch(Intent::Seek(Time(at.0 + 20)));
    session.dispatch(Intent::Seek(Time(at.0 + 5)));
    session.dispatch(Intent::CordonNode { node: "worker-1".into(), unschedulable: true });
    session.dispatch(Intent::Seek(Time(at.0 + 500)));
    session.dispatch(Intent::Seek(Time(at.0 + 30)));
    let cordoned = session.snapshot().events.iter().find(|row| row.text.contains("cordon")).map(|row| row.at);
    assert_eq!(cordoned, Some(Time(at.0 + 5)));
}

#[test]
fn refused_inputs_of_a_file_do_nothing_and_are_told() {
    let input = |at, name: &str| Input { at: Time(at), command: Command::DeleteNode { name: name.into() } };
    let nodes = vec![node_of(NodePreset::Worker, 1), node_of(NodePreset::Worker, 2)];
    let inputs = vec![input(1_000, "nosuch"), input(2_000, "worker-1")];
    let mut timeline = Timeline::new(Scenario { inputs, ..Scenario::of_nodes(nodes) }).unwrap();
    arrive(&mut timeline, Time(3_000));
    assert_eq!(timeline.world().store().nodes.len(), 1);
    let told: Vec<String> = timeline.refusals().map(|(at, why)| format!("{at} {why}")).collect();
    assert_eq!(told, ["1.000s Error from server (NotFound): nodes \"nosuch\" not found"]);
}

#[test]
fn a_full_scenario_takes_no_more() {
    let input = Input { at: Time(0), command: Command::RepairNode { name: "nosuch".into() } };
    let full = Scenario { inputs: vec![input; 10_000], ..Scenario::default() };
    let mut timeline = Timeline::new(full).unwrap();
    let refusal = timeline.insert(vec![Command::RepairNode { name: "nosuch".into() }]).unwrap_err();
    assert!(refusal.message.contains("at most 10000 inputs"), "{}", refusal.message);
}

/// A large cluster: keyframes stay few, and going back is quick all the same.
#[test]
fn large_clusters_can_be_sought() {
    let nodes = (1..=600).map(|number| {
        let mut node = node_of(NodePreset::Worker, number);
        node.status.allocatable.insert("pods".into(), Quantity::units(250));
        node
    });
    let mut session = Session::from_scenario(Scenario::of_nodes(nodes.collect())).unwrap();
    dispatch(&mut session, Act::Apply(manifest("a", 1, false, false)));
    let go = |session: &mut Session, ms| {
        session.dispatch(Intent::Seek(Time(ms)));
        while session.snapshot().busy.is_some() {
            session.advance(16.0);
        }
    };
    go(&mut session, 60_000);
    let end = session.world().digest();
    assert!(session.world().store().pods.len() >= 600);
    go(&mut session, 30_000);
    go(&mut session, 60_000);
    assert_eq!(session.world().digest(), end);
}

#[test]
fn digest_is_the_written_one() {
    let run = digest_run::Run::read();
    let mut player = Player::new(&run.options).unwrap();
    for step in &run.script {
        player.seek(step.at).unwrap();
        if let Some(manifest) = &step.apply {
            let applied = player.apply(manifest);
            assert!(applied.accepted, "{applied:?}");
        }
        if let Some(command) = &step.command {
            player.command(command).unwrap();
        }
    }
    digest_run::compare(&player.digest(), &run.digest);
    let mut replay = Player::from_scenario(&player.scenario().unwrap()).unwrap();
    replay.seek(player.moment().now.0 as f64).unwrap();
    assert_eq!(replay.digest(), run.digest, "a replay of the scenario differs");
}
