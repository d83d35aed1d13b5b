//! Maps and sets against those of std.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Act {
    Insert(u8, u8),
    Remove(u8),
    Add(u8, u8),
    TruncateFrom(u8),
    RetainBelow(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let key = 0..32_u8;
    prop_oneof![
        6 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Act::Insert(key, value)),
        3 => key.clone().prop_map(Act::Remove),
        3 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Act::Add(key, value)),
        1 => key.clone().prop_map(Act::TruncateFrom),
        1 => key.prop_map(Act::RetainBelow),
    ]
}

proptest! {
    #[test]
    fn does_what_the_b_tree_does(acts in prop::collection::vec(act(), 0..60)) {
        let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
        for act in acts {
            match act {
                Act::Insert(key, value) => prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                Act::Remove(key) => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                Act::Add(key, by) => {
                    let (a, b) = (ours.entry(key).or_default(), theirs.entry(key).or_default());
                    (*a, *b) = (a.wrapping_add(by), b.wrapping_add(by));
                }
                Act::TruncateFrom(key) => {
                    ours.truncate_from(&key);
                    theirs.split_off(&key);
                }
                Act::RetainBelow(limit) => {
                    ours.retain(|_, value| *value < limit);
                    theirs.retain(|_, value| *value < limit);
                }
            }
            prop_assert!(ours.iter().eq(theirs.iter()));
            prop_assert!((0..32).all(|key| ours.get(&key) == theirs.get(&key)));
        }
    }

    #[test]
    fn a_map_of_a_list_holds_the_last_of_each_key(list in prop::collection::vec((0..16_u8, any::<u8>()), 0..40)) {
        let (ours, theirs): (Map<_, _>, BTreeMap<_, _>) = (list.iter().copied().collect(), list.iter().copied().collect());
        prop_assert!(ours.iter().eq(theirs.iter()));
        let mut groups: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        list.iter().for_each(|(key, value)| groups.entry(*key).or_default().push(*value));
        prop_assert!(Map::grouped(list).iter().eq(groups.iter()));
    }

    #[test]
    fn sets_do_too(items in prop::collection::vec(0..16_u8, 0..40)) {
        let (ours, theirs): (Set<_>, BTreeSet<_>) = (items.iter().copied().collect(), items.into_iter().collect());
        prop_assert!(ours.iter().eq(theirs.iter()));
        prop_assert!((0..16).all(|item| ours.contains(&item) == theirs.contains(&item)));
    }
}

#[test]
fn serde_reads_what_it_writes() {
    let map: Map<String, i32> = serde_json::from_str(r#"{"b":2,"a":1,"b":3}"#).expect("a map");
    assert_eq!(serde_json::to_string(&map).expect("json"), r#"{"a":1,"b":3}"#);
}

#[test]
fn a_range_is_what_is_equal() {
    let map: Map<(u8, u8), ()> = (0..20).map(|n| ((n / 5, n), ())).collect();
    let range = |n: u8| map.range(|key| key.0.cmp(&n)).map(|(key, ())| key.1).collect::<Vec<_>>();
    assert_eq!((range(1), range(3).len(), range(4).len()), (vec![5, 6, 7, 8, 9], 5, 0));
}
