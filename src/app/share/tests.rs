//! Laws of links and files: what goes in comes out, and nothing else gets in.

use super::*;
use crate::api::manifest::print_authored;
use crate::api::{Taint, TaintEffect};
use crate::app::PRESETS;
use miniz_oxide::deflate::compress_to_vec;

fn scene_of(preset: &Preset) -> Scene {
    let scenario = preset_scenario(preset, preset.objects());
    Scene { scenario, at: Time(12_345), preset: preset.id.to_owned() }
}

/// A link with these bytes in it.
fn link_with(bytes: &[u8]) -> String {
    pack(bytes, Limits { encoded: usize::MAX, decoded: usize::MAX }).unwrap()
}

#[track_caller]
fn refuses(link: &str, want: &str) {
    let why = open(link).unwrap_err();
    assert!(why.contains(want), "{why}");
    assert!(why.chars().count() < 400, "{why}");
}

#[test]
fn an_untouched_preset_has_a_short_link() {
    for preset in PRESETS {
        let scene = scene_of(preset);
        let link = link(&scene).unwrap();
        assert!(link.len() < 110, "{}: {link}", preset.id);
        let opened = open(&format!("https://example.org/play/?theme=dark#{link}")).unwrap();
        assert_eq!(opened, Opened { scene, manifest: preset.manifest.to_owned(), has_changed: false });
    }
}

#[test]
fn what_was_done_to_a_preset_is_all_that_is_told() {
    let mut scene = scene_of(&PRESETS[0]);
    let taint = Taint::new("a", TaintEffect::NoExecute);
    let commands =
        [Command::TaintNode { name: "worker-1".into(), taint }, Command::DeleteNode { name: "worker-2".into() }];
    scene.scenario.inputs.extend(commands.map(|command| Input { at: Time(9_000), command }));
    scene.scenario.seed = 7;
    scene.scenario.knobs.image_pull_ms = 1;
    let link = link(&scene).unwrap();
    assert!(link.len() < 300, "{link}");
    assert_eq!(open(&link).unwrap().scene, scene);
    assert_eq!(open(&link).unwrap().manifest, PRESETS[0].manifest);
}

#[test]
fn without_its_preset_a_scenario_is_told_whole() {
    let mut scene = scene_of(&PRESETS[0]);
    scene.scenario.nodes.pop();
    let opened = open(&link(&scene).unwrap()).unwrap();
    assert_eq!(opened.scene, Scene { preset: String::new(), ..scene });
    assert!(opened.manifest.starts_with("apiVersion: apps/v1\nkind: DaemonSet\n"), "{}", opened.manifest);
}

#[test]
fn a_preset_that_has_changed_since_says_so() {
    let opened = open(&link_with(br#"{"preset":"nginx","edition":"00000000"}"#)).unwrap();
    assert!(opened.has_changed);
    assert_eq!(opened.scene.scenario, scene_of(&PRESETS[0]).scenario);
}

#[test]
fn hostile_links_say_why() {
    refuses("", "no link of this playground");
    refuses("https://example.org/#top", "no link of this playground");
    refuses("#v2.abc", "version 2");
    refuses("#v1.a*b", "not base64url");
    refuses("#v1.", "its end is missing");
    refuses(&format!("#v1.{}", "A".repeat(40_000)), "at most 32768 are read");
    let whole = link(&scene_of(&PRESETS[0])).unwrap();
    refuses(whole.get(..whole.len() - 8).unwrap(), "damaged or incomplete");
    // A bomb: 100 MiB of zeros in 100 kB is too long; 8 MiB are not, and unpack to too much.
    refuses(&link_with(&vec![b' '; 8 << 20]), "unpacks to more than 1048576 bytes");
    refuses(&link_with(&vec![b'['; 100_000]), "nested more than 64 deep");
    refuses(&link_with(format!("{{\"nodes\":[{}{{}}]}}", "{},".repeat(250_000)).as_bytes()), "more than 300000 values");
    refuses(&link_with(b"\xff\xfe"), "UTF-8");
    refuses(&link_with(b""), "EOF");
    refuses(&link_with(br#"{"surprise":1}"#), "unknown field `surprise`");
    refuses(&link_with(br#"{"preset":"nowhere"}"#), "the example \"nowhere\"");
    refuses(&link_with(format!("{{\"preset\":\"{}\"}}", "x".repeat(5_000)).as_bytes()), "xxx…");
    refuses(&link_with(br#"{"preset":"nginx","nodes":[{"metadata":{"name":"a"}}]}"#), "both an example and a cluster");
    refuses(&link_with(br#"{"at":-1}"#), "at is -1");
    refuses(&link_with(br#"{"seed":18446744073709551615}"#), "seed is");
    refuses(&link_with(br#"{"knobs":{"imagePullMs":"soon"}}"#), "invalid type");
    refuses(&link_with(br#"{"inputs":[{"at":0,"command":{"do":"applyDaemonSet","daemon_set":{}}}]}"#), "inputs[0]");
    refuses(&link_with(br#"{"nodes":[{}]}"#), "nodes[0].metadata.name: Required value");
}

#[test]
fn what_is_too_large_is_refused_with_a_way_out() {
    let mut scene = scene_of(&PRESETS[0]);
    let name = |i: usize| format!("n{:x}", (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let command = |i| Command::DeleteNode { name: name(i) };
    scene.scenario.inputs.extend((0..4_000).map(|i| Input { at: Time(1), command: command(i) }));
    let why = link(&scene).unwrap_err();
    assert!(why.contains("at most 32768. Save it to a file."), "{why}");
    scene.scenario.inputs.truncate(1);
    scene.scenario.inputs.extend((0..9_000).map(|i| Input { at: Time(1), command: command(i) }));
    let Told::Text(..) = tell(&Ask::File(Box::new(scene))) else { panic!("no file") };
}

#[test]
fn a_file_keeps_scenario_and_moment() {
    let scene = scene_of(&PRESETS[3]);
    let opened = from_file(&to_file(&scene).unwrap()).unwrap();
    assert_eq!(opened.scene, Scene { preset: String::new(), ..scene.clone() });
    let yaml = scene.scenario.to_yaml().unwrap();
    assert_eq!(open_file(&yaml).unwrap().scene.scenario, scene.scenario);
    assert_eq!(open_file(&format!("\n#{}\n", link(&scene).unwrap())).unwrap().scene, scene);
    let told = |text: &str| tell(&Ask::OpenFile(text.to_owned()));
    assert_eq!(told(PRESETS[0].manifest), Told::Manifest);
    assert!(matches!(told("hello"), Told::Refused(why) if why.contains("holds no scenario")));
    assert!(matches!(told(&format!("{}1", "[".repeat(100_000))), Told::Refused(_)));
    assert!(matches!(told(&format!("{{\"version\":1,\"a\":{}", "[".repeat(100_000))), Told::Refused(_)));
}

#[test]
fn bytes_carry_everything() {
    let scene = Box::new(scene_of(&PRESETS[1]));
    let asked = |ask: &Ask| borsh::from_slice::<Told>(&tell_bytes(&borsh::to_vec(ask).unwrap()).unwrap()).unwrap();
    let Told::Text(text, secrets) = asked(&Ask::Link(scene.clone())) else { panic!("no text") };
    assert!(secrets.is_empty());
    let Told::Opened(opened) = asked(&Ask::Open(text)) else { panic!("not opened") };
    assert_eq!(opened.scene, *scene);
    assert!(matches!(asked(&Ask::OpenKept("v1.".into())), Told::Refused(_)));
    assert!(tell_bytes(&[9]).is_err());
}

#[test]
fn what_looks_like_a_credential_is_named() {
    let manifest = PRESETS[0].manifest.replace(
        "containers:\n",
        "initContainers:\n      - {name: i, image: i, env: [{name: APP_KEY, value: x}, {name: DB_PASSWORD, value: hunter2}]}\n      containers:\n",
    );
    let preset = Preset { manifest: Box::leak(manifest.into_boxed_str()), ..PRESETS[0] };
    let scene = scene_of(&preset);
    assert_eq!(secrets(&scene.scenario), ["DB_PASSWORD of DaemonSet nginx"]);
    assert!(secrets(&scene_of(&PRESETS[0]).scenario).is_empty());
}

#[test]
fn fragments_of_links_are_known() {
    for (fragment, want) in
        [("#v1.abc", true), ("v12.", true), ("#board", false), ("", false), ("#v.x", false), ("#v12345.", false)]
    {
        assert_eq!(is_link(fragment), want, "{fragment}");
    }
}

#[test]
fn unpacking_stops_in_time() {
    // What deflate can do at most: about 1:1000.
    let bomb = compress_to_vec(&vec![0; 30 << 20], 9);
    assert!(bomb.len() < 32 * 1_024);
    let text = link_with(&vec![0; 20 << 20]);
    assert!(unpack(&text, Limits::LINK).unwrap_err().contains("unpacks to more than"));
}

#[test]
fn old_links_open() {
    // Links that were given away: never change them.
    let mut links = include_str!("../../../tests/fixtures/link-v1.txt").lines();
    let Scene { scenario, at, preset } = open(links.next().unwrap()).unwrap().scene;
    assert_eq!((at, scenario.seed, scenario.knobs.image_pull_ms, preset.as_str()), (Time(12_345), 7, 900, ""));
    let names: Vec<&str> = scenario.nodes.iter().map(|node| node.name()).collect();
    assert_eq!(names, ["worker-1", "worker-2"]);
    let at: Vec<i64> = scenario.inputs.iter().map(|input| input.at.0).collect();
    assert_eq!(at, [0, 5_000, 6_000, 7_000, 8_000, 8_500, 9_000, 9_500, 9_900, 10_000, 11_000, 12_000]);
    let Command::ApplyDaemonSet { daemon_set } = &scenario.inputs[0].command else { panic!("not applied") };
    let manifest = print_authored((**daemon_set).clone());
    assert!(manifest.contains("image: agent:1.0") && manifest.contains("value: \"<info>\""), "{manifest}");

    let opened = open(links.next().unwrap()).unwrap();
    assert!(opened.has_changed, "made with another edition of the preset");
    assert_eq!(opened.scene.preset, "nginx");
    let last = opened.scene.scenario.inputs.last().unwrap();
    assert_eq!(*last, Input { at: Time(7_500), command: Command::DeleteNode { name: "worker-2".into() } });
}
