//! Unions: which variant a value becomes, and that none is lost.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sixclicks_core::union;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Cat {
    name: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Dog {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    barks: Option<bool>,
    #[serde(default)]
    tricks: Vec<Value>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Pet {
    Cat(Cat),
    Dog(Dog),
    Number(f64),
}

fn pet(value: Value) -> Option<Pet> {
    union::best(
        &value.into(),
        &[
            |v| union::parse(v).map(Pet::Cat),
            |v| union::parse(v).map(Pet::Dog),
            |v| union::parse(v).map(Pet::Number),
        ],
    )
}

#[test]
fn a_union_takes_the_variant_that_loses_nothing() {
    assert!(matches!(pet(json!({"name": "a"})), Some(Pet::Cat(_))));
    assert!(matches!(
        pet(json!({"name": "a", "barks": null})),
        Some(Pet::Cat(_))
    ));
    assert!(matches!(
        pet(json!({"name": "a", "barks": true, "tricks": []})),
        Some(Pet::Dog(_))
    ));
    // Neither keeps the unknown member: the dog keeps more of the rest.
    assert!(matches!(
        pet(json!({"name": "a", "barks": true, "x": 1})),
        Some(Pet::Dog(_))
    ));
    assert!(matches!(
        pet(json!({"name": "a", "x": 1})),
        Some(Pet::Cat(_))
    ));
    assert_eq!(pet(json!(1)), Some(Pet::Number(1.0)));
    assert_eq!(pet(json!("text")), None);
}

/// A tree whose nodes are one of two kinds that parse alike.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Node {
    Leaning {
        left: Option<Box<Node>>,
    },
    Straight {
        left: Option<Box<Node>>,
        right: Value,
    },
}

#[derive(Deserialize)]
struct Leaning {
    left: Option<Box<Node>>,
}

#[derive(Deserialize)]
struct Straight {
    left: Option<Box<Node>>,
    right: Value,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = sixclicks_core::Json::deserialize(deserializer)?;
        let node = union::best(
            &value,
            &[
                |v| union::parse(v).map(|Leaning { left }| Node::Leaning { left }),
                |v| union::parse(v).map(|Straight { left, right }| Node::Straight { left, right }),
            ],
        );
        node.ok_or_else(|| serde::de::Error::custom("no variant fits"))
    }
}

#[test]
fn a_deep_tree_of_unions_is_read_in_reasonable_time() {
    let depth = 60;
    let mut tree = json!({"right": 0, "unknown": 1});
    for level in 0..depth {
        tree = json!({"right": level, "left": tree, "unknown": 1});
    }
    // Two to the power of sixty readings would not end.
    let mut node = &serde_json::from_value::<Node>(tree).unwrap();
    for level in (0..depth).rev() {
        let Node::Straight {
            left: Some(left),
            right,
        } = node
        else {
            panic!("level {level} was taken for {node:?}")
        };
        assert_eq!(*right, json!(level));
        node = left;
    }
}

#[test]
fn a_discriminator_is_found_anywhere_in_any_case() {
    let tag = |value: Value, property| union::tag(&value.into(), property);
    let value = json!({"x": 1, "$Type": "b", "kind": "c"});
    assert_eq!(tag(value, "$type").as_deref(), Some("b"));
    let both = json!({"Kind": "x", "kind": "y"});
    assert_eq!(tag(both, "kind").as_deref(), Some("y"));
    assert_eq!(tag(json!({"kind": 1}), "kind"), None);
    assert_eq!(tag(json!([]), "kind"), None);
}
