//! What was packed comes out again, and nothing that was not.

use super::*;
use crate::api::{
    ConditionStatus, ContainerState, ContainerStatus, NodeCondition, NodeConditionType, Phase, PodCondition,
    PodConditionType, PodStatus, Termination,
};
use crate::base::Time;

fn objects() -> Vec<FoundObject> {
    let mut node = Node::default();
    node.metadata.name = "n".to_owned();
    node.metadata.creation_timestamp = Time(-5_000);
    node.status.conditions = vec![NodeCondition {
        kind: NodeConditionType::Ready,
        status: ConditionStatus::False,
        reason: "",
        message: "cni plugin not initialized".into(),
        last_transition_time: Time(-7),
    }];
    let mut set = DaemonSet::default();
    set.status.number_ready = 3;
    let ended =
        Termination { exit_code: 137, reason: "OOMKilled", message: "", started_at: Time(-9), finished_at: Time(-8) };
    let container = |state| ContainerStatus {
        name: "c".to_owned(),
        state,
        last_state: Some(ended),
        ready: true,
        started: false,
        restart_count: 4,
    };
    let waiting = ContainerState::Waiting { reason: "CrashLoopBackOff".to_owned(), message: "back-off".to_owned() };
    let status = PodStatus {
        phase: Phase::Running,
        conditions: vec![PodCondition {
            kind: PodConditionType::PodScheduled,
            status: ConditionStatus::True,
            reason: "r".to_owned(),
            message: "m".to_owned(),
            last_transition_time: Time(-1),
        }],
        init_container_statuses: vec![container(ContainerState::Terminated(ended))],
        container_statuses: vec![container(waiting), container(ContainerState::Running { started_at: Time(-3) })],
        reason: "Evicted".to_owned(),
        message: String::new(),
        start_time: Some(Time(-6)),
        nominated_node_name: "n".to_owned(),
    };
    let spec = Rc::new(PodSpec { host_network: true, ..PodSpec::default() });
    let pod = |name: &str, spec: &Rc<PodSpec>| {
        let mut pod = Pod { spec: Rc::clone(spec), node_name: Some("n".to_owned()), ..Pod::default() };
        pod.metadata.name = name.to_owned();
        pod.status = status.clone();
        FoundObject::Pod(pod)
    };
    let pods = [pod("a", &spec), pod("b", &Rc::default()), pod("c", &spec)];
    let revision = ControllerRevision { revision: 7, ..ControllerRevision::default() };
    [FoundObject::Node(node), FoundObject::DaemonSet(set), FoundObject::Revision(revision)]
        .into_iter()
        .chain(pods)
        .collect()
}

fn packed() -> Found {
    let mut packer = Packer::default();
    objects().iter().for_each(|object| packer.put(object));
    packer.finish("some".to_owned(), String::new())
}

fn unpacked(found: &Found) -> Vec<FoundObject> {
    let mut unpacker = Unpacker::default();
    std::iter::from_fn(|| unpacker.next(found)).collect()
}

#[test]
fn comes_out_as_it_went_in() {
    let found = packed();
    assert_eq!((unpacked(&found), found.objects), (objects(), 6));
    let pods: Vec<_> =
        unpacked(&found).into_iter().filter_map(|o| if let FoundObject::Pod(p) = o { Some(p) } else { None }).collect();
    assert!(matches!(pods.as_slice(), [a, _, c] if Rc::ptr_eq(&a.spec, &c.spec)), "equal specs are one");
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Found>(&text).unwrap(), found);
    assert!(serde_json::from_str::<Found>(&text.replace("packed\":\"0", "packed\":\"x")).is_err());
}

#[test]
fn other_bytes_come_to_an_end() {
    let found = packed();
    for end in 0..found.packed.len() {
        let cut = Found { packed: found.packed[..end].to_vec(), ..found.clone() };
        assert!(unpacked(&cut).len() <= objects().len());
    }
    for at in 0..found.packed.len() {
        let mut other = found.clone();
        other.packed[at] ^= 0xff;
        let _ = unpacked(&other);
    }
}
