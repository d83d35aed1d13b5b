//! What kubelets do with containers: order, probes, restarts, back-offs, ends, and what they
//! report and tell of them.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::{ContainerState, ContainerStatus, Phase, Pod, PodConditionType, Termination};
use daemonset_playground::base::Time;
use daemonset_playground::rules::pod_row::{PodRow, row};
use daemonset_playground::sim::{Command, EventType, Fact, ImageFault, ImageKnob, Knobs, NodeKnob, World};
use std::rc::Rc;

/// One worker with one pod; `more` are further lines of the container, `spec` of the pod.
fn with(image: &str, more: &str, spec: &str) -> Cluster {
    let mut cluster = Cluster::new(1);
    let more: String = more.lines().map(|line| format!("\n        {line}")).collect();
    let spec: String = spec.lines().map(|line| format!("      {line}\n")).collect();
    cluster.apply(nginx(&format!("{image}{more}"), &spec, ""));
    cluster
}

fn pod(cluster: &Cluster) -> Rc<Pod> {
    Rc::clone(cluster.pods()[0])
}

fn row_of(cluster: &Cluster) -> Option<PodRow> {
    cluster.pods().first().map(|pod| row(&pod.spec, &pod.status))
}

/// READY and STATUS as `kubectl get pods -w` would show them, for so long.
fn watch(cluster: &mut Cluster, for_ms: i64) -> Vec<String> {
    let until = cluster.world.now() + for_ms;
    let mut seen: Vec<String> = Vec::new();
    while cluster.world.next_wakeup().is_some_and(|at| at <= until) {
        let events = cluster.world.step();
        cluster.events.extend(events);
        let Some(row) = row_of(cluster) else { continue };
        let line = format!("{}/{} {} {}", row.ready, row.total, row.status, row.restarts);
        if seen.last() != Some(&line) {
            seen.push(line);
        }
    }
    cluster.world.advance_to(until);
    seen
}

fn container(cluster: &Cluster, name: &str) -> ContainerStatus {
    let status = &pod(cluster).status;
    let mut all = status.init_container_statuses.iter().chain(&status.container_statuses);
    all.find(|status| status.name == name).unwrap().clone()
}

fn ended(status: &ContainerStatus) -> Termination {
    match status.state {
        ContainerState::Terminated(termination) => termination,
        _ => panic!("{status:?} has not ended"),
    }
}

/// What was told, in order, without the pod's name and UID.
fn told(cluster: &Cluster, reasons: &[&str]) -> Vec<String> {
    let name = |text: &str| match text.split_once("nginx-") {
        Some((before, after)) => format!("{before}POD{}", after.split_once(')').map_or("", |(_, rest)| rest)),
        None => text.to_owned(),
    };
    let events = cluster.events.iter().filter_map(|event| match &event.fact {
        Fact::Recorded { reason, message, event_type, .. } if reasons.contains(&reason.as_str()) => {
            let mark = if *event_type == EventType::Warning { "!" } else { "" };
            Some(format!("{mark}{reason}: {}", name(message)))
        }
        _ => None,
    });
    events.collect()
}

/// Seconds (cut) at which a reason was told.
fn seconds(cluster: &Cluster, reason: &str) -> Vec<i64> {
    cluster.recorded(reason).into_iter().map(|(at, _)| at.0 / 1_000).collect()
}

fn delete(cluster: &mut Cluster) {
    let key = pod(cluster).key();
    cluster.command(Command::DeletePod { key });
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| pod.status.phase.is_terminal()));
}

fn condition(cluster: &Cluster, kind: PodConditionType) -> String {
    let pod = pod(cluster);
    let condition = pod.condition(kind).unwrap();
    format!("{:?} {} {}", condition.status, condition.reason, condition.message).trim_end().to_owned()
}

const TWO_INIT: &str = "initContainers:\n- {name: one, image: 'init:1'}\n- {name: two, image: 'init:1'}";

#[test]
fn init_containers_run_one_after_another() {
    let mut cluster = with("a:1", "", TWO_INIT);
    let want = ["0/1 Pending 0", "0/1 Init:0/2 0", "0/1 Init:1/2 0", "0/1 PodInitializing 0", "1/1 Running 0"];
    assert_eq!(watch(&mut cluster, 20_000), want);
    let (one, two) = (ended(&container(&cluster, "one")), ended(&container(&cluster, "two")));
    assert!(one.finished_at < two.started_at, "{one:?} {two:?}");
    assert_eq!((one.exit_code, one.reason, container(&cluster, "one").ready), (0, "Completed", true));
    let pulled = told(&cluster, &["Pulled"]);
    assert_eq!(
        pulled[0],
        "Pulled: Successfully pulled image \"init:1\" in 1.8s (1.8s including waiting). Image size: 72319283 bytes."
    );
    assert_eq!(
        pulled[1],
        "Pulled: Container image \"init:1\" already present on machine and can be accessed by the pod"
    );
    assert_eq!(cluster.world.next_wakeup(), None);
}

#[test]
fn conditions_tell_how_far_a_pod_is() {
    let mut cluster = with("a:1", "readinessProbe: {initialDelaySeconds: 5, tcpSocket: {port: 80}}", TWO_INIT);
    cluster.run_until(|cluster| row_of(cluster).is_some_and(|row| row.status == "Init:0/2"));
    let unready = "False ContainersNotReady containers with unready status: [nginx]";
    assert_eq!(
        condition(&cluster, PodConditionType::PodReadyToStartContainers),
        "False PodSandboxNotReady no pod sandbox exists"
    );
    cluster.run_until(|cluster| row_of(cluster).is_some_and(|row| row.status == "Init:1/2"));
    assert_eq!(condition(&cluster, PodConditionType::PodReadyToStartContainers), "True");
    let incomplete = "False ContainersNotInitialized containers with incomplete status: [two]";
    assert_eq!(condition(&cluster, PodConditionType::Initialized), incomplete);
    assert_eq!(condition(&cluster, PodConditionType::Ready), unready);
    cluster.run_until(|cluster| pod(cluster).status.phase == Phase::Running);
    assert_eq!(condition(&cluster, PodConditionType::Initialized), "True");
    assert_eq!(condition(&cluster, PodConditionType::ContainersReady), unready);
    let since = cluster.world.now();
    cluster.run_until(|cluster| pod(cluster).is_ready());
    assert_eq!(cluster.world.now().since(since), 5_000);
    let kinds: Vec<PodConditionType> = pod(&cluster).status.conditions.iter().map(|c| c.kind).collect();
    use PodConditionType::{ContainersReady, Initialized, PodReadyToStartContainers, PodScheduled, Ready};
    assert_eq!(kinds, [PodReadyToStartContainers, Initialized, Ready, ContainersReady, PodScheduled]);
    delete(&mut cluster);
    assert_eq!(condition(&cluster, Ready), "False PodCompleted");
    assert_eq!(condition(&cluster, PodReadyToStartContainers), "False PodSandboxNotReady pod sandbox is not ready");
}

#[test]
fn an_init_container_that_fails_holds_the_pod_up() {
    let mut cluster = with("a:1", "", "initContainers: [{name: one, image: 'a:crash'}]");
    let seen = watch(&mut cluster, 25_000);
    let want = [
        "0/1 Pending 0",
        "0/1 Init:0/1 0",
        "0/1 Init:Error 0",
        "0/1 Init:0/1 1",
        "0/1 Init:Error 1",
        "0/1 Init:CrashLoopBackOff 1",
        "0/1 Init:0/1 2",
        "0/1 Init:Error 2",
        "0/1 Init:CrashLoopBackOff 2",
    ];
    assert_eq!(seen, want);
    assert_eq!(pod(&cluster).status.phase, Phase::Pending);
    let last = container(&cluster, "one").last_state.unwrap();
    assert_eq!((last.exit_code, last.reason), (1, "Error"));
}

const SIDECARS: &str = "initContainers:\n- {name: log, image: 'log:1', restartPolicy: Always}\n\
    - {name: mesh, image: 'slowstart:1', restartPolicy: Always, startupProbe: {httpGet: {path: /, port: 1}, periodSeconds: 5, failureThreshold: 9}}";

#[test]
fn sidecars_start_in_their_turn_and_stop_last() {
    let mut cluster = with("a:1", "", SIDECARS);
    let seen = watch(&mut cluster, 60_000);
    assert_eq!(seen, ["0/3 Pending 0", "0/3 Init:0/2 0", "1/3 Init:1/2 0", "2/3 PodInitializing 0", "3/3 Running 0"]);
    let started = |name: &str| match container(&cluster, name).state {
        ContainerState::Running { started_at } => started_at,
        other => panic!("{other:?}"),
    };
    assert!(started("log") < started("mesh"));
    assert!(started("nginx").since(started("mesh")) > 20_000, "its startup probe had to pass");
    assert_eq!(
        told(&cluster, &["Unhealthy"])[0],
        "!Unhealthy: Startup probe failed: HTTP probe failed with statuscode: 503"
    );

    delete(&mut cluster);
    let ends = ["nginx", "mesh", "log"].map(|name| ended(&container(&cluster, name)));
    assert!(ends[0].finished_at < ends[1].finished_at && ends[1].finished_at < ends[2].finished_at, "{ends:?}");
    assert!(ends.iter().all(|end| end.exit_code == 0));
    assert_eq!(pod(&cluster).status.phase, Phase::Succeeded);
}

#[test]
fn a_sidecar_that_crashes_is_restarted_beside_the_others() {
    let mut cluster = with("a:1", "", "initContainers: [{name: log, image: 'a:crash', restartPolicy: Always}]");
    cluster.run(30_000);
    let pod = pod(&cluster);
    assert_eq!((pod.status.phase, pod.is_ready()), (Phase::Running, false));
    assert_eq!(condition(&cluster, PodConditionType::Initialized), "True");
    assert_eq!(
        condition(&cluster, PodConditionType::Ready),
        "False ContainersNotReady containers with unready status: [log]"
    );
    assert_eq!(container(&cluster, "nginx").restart_count, 0);
    assert!(container(&cluster, "log").restart_count >= 2);
}

#[test]
fn containers_crash_and_become_ready_by_themselves() {
    let mut cluster = with("a:1\n      - name: bad\n        image: a:crash", "", "");
    cluster.run(20_000);
    assert_eq!(pod(&cluster).status.phase, Phase::Running);
    assert!(container(&cluster, "nginx").ready && container(&cluster, "nginx").restart_count == 0);
    let bad = container(&cluster, "bad");
    assert_eq!((bad.ready, bad.started, bad.restart_count), (false, false, 2));
    assert_eq!(
        condition(&cluster, PodConditionType::Ready),
        "False ContainersNotReady containers with unready status: [bad]"
    );
    assert_eq!(
        row_of(&cluster).unwrap(),
        PodRow { ready: 1, total: 2, status: "CrashLoopBackOff".into(), restarts: 2 }
    );
}

#[test]
fn restarts_are_put_off_by_ten_seconds_doubled() {
    let mut cluster = with("a:crash", "", "");
    cluster.run(800_000);
    let starts: Vec<Time> = cluster.recorded("Started").into_iter().map(|(at, _)| at).collect();
    let gaps: Vec<i64> = starts.windows(2).map(|pair| pair[1].since(pair[0])).collect();
    // It runs for 800 ms, and its start takes 500.
    assert_eq!(gaps[..6], [1_600, 11_300, 21_300, 41_300, 81_300, 161_300], "{gaps:?}");
    let told = told(&cluster, &["BackOff"]);
    assert_eq!(told[0], "!BackOff: Back-off restarting failed container nginx in pod POD");
    let ContainerState::Waiting { reason, message } = container(&cluster, "nginx").state else { panic!() };
    assert_eq!(reason, "CrashLoopBackOff");
    let name = pod(&cluster).metadata.name.clone();
    let uid = pod(&cluster).metadata.uid.clone();
    assert_eq!(message, format!("back-off 5m0s restarting failed container=nginx pod={name}_default({uid})"));
}

#[test]
fn pulls_are_put_off_likewise() {
    let mut cluster = with("a:bad", "", "");
    let seen = watch(&mut cluster, 100_000);
    assert_eq!(
        seen[1..5],
        ["0/1 ContainerCreating 0", "0/1 ErrImagePull 0", "0/1 ImagePullBackOff 0", "0/1 ErrImagePull 0"]
    );
    let pulls = seconds(&cluster, "Pulling");
    let gaps: Vec<i64> = pulls.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.len() == 3 && gaps.iter().zip([11, 21, 41]).all(|(gap, want)| gap - want <= 1), "{gaps:?}");
    let why = "rpc error: code = NotFound desc = failed to pull and unpack image \"a:bad\": failed to resolve reference \"a:bad\": not found";
    assert_eq!(
        told(&cluster, &["Failed", "BackOff"])[..4],
        [
            format!("!Failed: Failed to pull image \"a:bad\": {why}"),
            "!Failed: Error: ErrImagePull".to_owned(),
            "BackOff: Back-off pulling image \"a:bad\"".to_owned(),
            "!Failed: Error: ImagePullBackOff".to_owned(),
        ]
    );
    cluster.run_until(|cluster| row_of(cluster).is_some_and(|row| row.status == "ImagePullBackOff"));
    let ContainerState::Waiting { message, .. } = container(&cluster, "nginx").state else { panic!() };
    assert_eq!(message, format!("Back-off pulling image \"a:bad\": ErrImagePull: {why}"));
}

#[test]
fn containers_of_one_image_share_its_back_off() {
    let mut cluster = with("a:bad\n      - name: twin\n        image: a:bad", "", "");
    cluster.run(6_000);
    assert_eq!(cluster.recorded("Pulling").len(), 1);
    let reason = |name: &str| match container(&cluster, name).state {
        ContainerState::Waiting { reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason("twin"), "ImagePullBackOff");
}

#[test]
fn an_image_that_may_not_be_pulled_must_be_there() {
    let mut cluster = with("a:1", "imagePullPolicy: Never", "");
    cluster.run(5_000);
    assert_eq!(row_of(&cluster).unwrap().status, "ErrImageNeverPull");
    assert_eq!(
        told(&cluster, &["ErrImageNeverPull", "Failed"]),
        [
            "!ErrImageNeverPull: Container image \"a:1\" is not present with pull policy of Never",
            "!Failed: Error: ErrImageNeverPull"
        ]
    );
}

#[test]
fn a_container_that_hangs_is_killed_and_restarted() {
    let mut cluster = with("web:hang", "livenessProbe: {httpGet: {path: /healthz, port: 80}, timeoutSeconds: 3}", "");
    cluster.run_until(|cluster| !cluster.ready_on().is_empty());
    let ready_at = cluster.world.now();
    cluster.run_until(|cluster| !cluster.recorded("Killing").is_empty());
    assert_eq!(cluster.world.now().since(ready_at), 53_000, "probes at 30, 40 and 50 s wait for 3 s each");
    let text = "!Unhealthy: Liveness probe failed: Get \"http://:80/healthz\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    let mut want = vec![text.to_owned(); 3];
    want.push("Killing: Container nginx failed liveness probe, will be restarted".to_owned());
    assert_eq!(told(&cluster, &["Unhealthy", "Killing"]), want);
    cluster.run(3_000);
    let status = container(&cluster, "nginx");
    assert_eq!((status.restart_count, status.ready, status.last_state.unwrap().exit_code), (1, true, 0));
    assert!(cluster.recorded("BackOff").is_empty(), "the first restart does not wait");
}

#[test]
fn a_probe_may_have_a_grace_period_of_its_own() {
    let probe = "livenessProbe: {exec: {command: [cat, /tmp/ok]}, periodSeconds: 5, failureThreshold: 1, terminationGracePeriodSeconds: 4}";
    let mut cluster = with("slowstop:hang", probe, "");
    cluster.run_until(|cluster| !cluster.recorded("Killing").is_empty());
    let killed_at = cluster.world.now();
    cluster.run_until(|cluster| container(cluster, "nginx").restart_count == 1);
    let last = container(&cluster, "nginx").last_state.unwrap();
    assert_eq!((last.finished_at.since(killed_at), last.exit_code, last.reason), (4_000, 137, "Error"));
    assert_eq!(
        told(&cluster, &["Unhealthy"]),
        ["!Unhealthy: Liveness probe failed: command timed out: \"cat /tmp/ok\" timed out after 1s"]
    );
}

#[test]
fn other_probes_wait_for_the_startup_probe() {
    let probes = "startupProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2, failureThreshold: 30}\n\
        livenessProbe: {httpGet: {path: /, port: 80}, failureThreshold: 1}\nreadinessProbe: {httpGet: {path: /, port: 80}}";
    let mut cluster = with("slowstart:1", probes, "");
    cluster.settle();
    let status = container(&cluster, "nginx");
    assert_eq!((status.ready, status.started, status.restart_count), (true, true, 0));
    assert_eq!(cluster.recorded("Unhealthy").len(), 10);
    // Without it the liveness probe kills what is slow.
    let mut cluster = with("slowstart:1", "livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}", "");
    cluster.run(40_000);
    assert!(container(&cluster, "nginx").restart_count > 0);
    // One that is too strict does too.
    let mut cluster = with("slowstart:1", "startupProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}", "");
    cluster.run(20_000);
    assert_eq!(told(&cluster, &["Killing"]), ["Killing: Container nginx failed startup probe, will be restarted"]);
}

#[test]
fn restarts_of_what_is_killed_again_and_again_are_put_off_too() {
    let mut cluster = with("slowstart:1", "livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2}", "");
    cluster.run(400_000);
    assert!(container(&cluster, "nginx").restart_count < 12, "{:?}", seconds(&cluster, "Started"));
    assert!(!cluster.recorded("BackOff").is_empty());
}

#[test]
fn a_probe_that_never_passes_is_told_of_to_its_threshold() {
    let mut cluster =
        with("notready:1", "readinessProbe: {exec: {command: ['false']}, failureThreshold: 4, periodSeconds: 1}", "");
    cluster.settle();
    assert_eq!(told(&cluster, &["Unhealthy"]), vec!["!Unhealthy: Readiness probe failed: "; 4]);
    assert!(!pod(&cluster).is_ready());
    assert_eq!(cluster.world.progress(&pod(&cluster).key()), None);
}

#[test]
fn hooks_count_in_the_grace_period() {
    let check = |image: &str, hook: &str, grace_s: i64, want: (i64, i32), failed: usize| {
        let lifecycle = format!("lifecycle: {{preStop: {hook}}}");
        let mut cluster = with(image, &lifecycle, &format!("terminationGracePeriodSeconds: {grace_s}"));
        cluster.settle();
        let key = pod(&cluster).key();
        cluster.command(Command::DeletePod { key });
        cluster.run_until(|cluster| !cluster.recorded("Killing").is_empty());
        let began = cluster.world.now();
        cluster.run_until(|cluster| pod(cluster).status.phase.is_terminal());
        let end = ended(&container(&cluster, "nginx"));
        assert_eq!((end.finished_at.since(began), end.exit_code), want, "{image} {hook} {grace_s}");
        assert_eq!(cluster.recorded("FailedPreStopHook").len(), failed, "{hook}");
    };
    check("a:1", "{sleep: {seconds: 5}}", 30, (6_100, 0), 0);
    check("slowstop:1", "{exec: {command: [sh, -c, 'sleep 10']}}", 30, (30_000, 137), 0);
    check("slowstop:1", "{sleep: {seconds: 10}}", 10, (12_000, 137), 0);
    check("a:1", "{exec: {command: [sh, -c, 'exit 1']}}", 30, (1_100, 0), 1);
}

#[test]
fn what_never_ran_is_accounted_for_in_the_end() {
    let mut cluster = with("a:bad", "", "");
    cluster.run(6_000);
    delete(&mut cluster);
    let end = ended(&container(&cluster, "nginx"));
    assert_eq!((end.exit_code, end.reason), (137, "ContainerStatusUnknown"));
    assert_eq!(pod(&cluster).status.phase, Phase::Failed);
    assert!(cluster.recorded("Killing").is_empty());
}

#[test]
fn a_container_of_its_own_policy_may_end_the_pod() {
    let mut cluster =
        with("a:exit0", "restartPolicy: Never", "initContainers: [{name: log, image: 'log:1', restartPolicy: Always}]");
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| pod.status.phase.is_terminal()));
    assert_eq!(pod(&cluster).status.phase, Phase::Succeeded);
    assert_eq!(told(&cluster, &["Killing"]), ["Killing: Stopping container log"]);
    let mut cluster = with("a:exit3", "restartPolicy: OnFailure", "");
    cluster.run(8_000);
    assert_eq!(container(&cluster, "nginx").last_state.unwrap().exit_code, 3);
    assert_eq!(pod(&cluster).status.phase, Phase::Running);
}

#[test]
fn a_machine_pulls_one_image_at_a_time() {
    let mut cluster = Cluster::new(1);
    let mut other = nginx("b:1", "", "");
    other.metadata.name = "other".into();
    cluster.apply(nginx("a:1", "", "")).apply(other).settle();
    let pulled = told(&cluster, &["Pulled"]);
    assert!(pulled[0].contains("in 1.8s (1.8s including waiting)"), "{pulled:?}");
    assert!(pulled[1].contains("in 1.8s (3."), "{pulled:?}");
}

#[test]
fn knobs_single_out_images_and_machines() {
    let knobs = Knobs {
        images: vec![ImageKnob { image: "a:1".into(), pull_ms: Some(10_000), fault: Some(ImageFault::Crash) }],
        nodes: vec![NodeKnob { node: "worker-2".into(), slow: 4 }],
        ..Knobs::default()
    };
    assert!(!serde_json::to_string(&Knobs::default()).unwrap().contains("images"));
    assert_eq!(serde_json::from_str::<Knobs>(&serde_json::to_string(&knobs).unwrap()).unwrap(), knobs);
    let nodes = vec![node("worker-1"), node("worker-2")];
    let mut cluster = Cluster { world: World::new(1, knobs, nodes), events: Vec::new() };
    cluster.apply(nginx("a:1", "", "")).run(60_000);
    let pulled = told(&cluster, &["Pulled"]);
    assert!(pulled[0].contains("in 10s (10s") && pulled[1].contains("already present"), "{pulled:?}");
    assert!(pulled.iter().any(|text| text.contains("in 40s (40s")), "{pulled:?}");
    assert!(!cluster.recorded("BackOff").is_empty());
    let pulls = cluster.recorded("Pulling");
    assert!(pulls[1].0.since(pulls[0].0) < 1_000, "each machine pulls by itself");
}
