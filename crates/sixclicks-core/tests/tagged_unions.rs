//! Tagged unions: which variant a discriminator selects, and how each variant is written.

#![allow(missing_docs)]

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

sixclicks_core::constant! { struct CatKind = "cat"; }
sixclicks_core::constant! { struct FishKind = "fish"; }
sixclicks_core::constant! { struct BallNumber = 1; }
sixclicks_core::constant! { struct CubeNumber = -2; }
sixclicks_core::constant! { struct OpenState = true; }
sixclicks_core::constant! { struct NodeKind = "node"; }
sixclicks_core::constant! { struct TwigKind = "twig"; }

sixclicks_core::string_enum! {
    /// What a dog may be called.
    pub enum DogKind {
        /// A dog.
        Dog = "dog",
        /// A hound.
        Hound = "hound",
        ..UnknownValue
    }
}

#[allow(clippy::derivable_impls)]
impl Default for DogKind {
    fn default() -> Self {
        Self::Dog
    }
}

/// As the generator writes it: the discriminator first, and not to be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cat {
    #[serde(default)]
    kind: CatKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lives: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dog {
    #[serde(default)]
    pub kind: DogKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bark: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fish {
    #[serde(default)]
    kind: FishKind,
    pub fins: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PetBase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<sixclicks_core::Discriminator>,
    #[serde(flatten)]
    pub extra: serde_json::Map<String, Value>,
}

sixclicks_core::tagged_union! {
    /// A pet of a closed family.
    pub enum Pet by "kind" {
        /// A cat.
        Cat(Cat) = ["cat"] own,
        /// A dog.
        Dog(Dog) = ["dog", "hound"] own,
        /// A fish.
        Fish(Fish) = ["fish"] own,
        ..UnknownValue
    }
}

sixclicks_core::tagged_union! {
    /// A pet of a family with a base.
    pub enum AnyPet by "kind" {
        /// A cat.
        Cat(Cat) = ["cat"] own,
        /// Any pet.
        Base(PetBase) = [] own,
        ..UnknownValue
    }
}

sixclicks_core::tagged_union! {
    /// A pet, or something else.
    pub enum PetOrOther by "kind" {
        /// A cat.
        Cat(Cat) = ["cat"] own,
        /// Something else.
        Other(PetBase) = ["other"] own default,
        ..UnknownValue
    }
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn a_tag_selects_its_variant_wherever_it_stands() {
    let pet: Pet = read(json!({"lives": 9, "kind": "cat"}));
    assert!(matches!(&pet, Pet::Cat(cat) if cat.lives == Some(9)));
    assert_eq!(text(&pet), r#"{"kind":"cat","lives":9}"#);
    let pet: Pet = read(json!({"bark": "loud", "kind": "hound"}));
    assert!(matches!(&pet, Pet::Dog(dog) if dog.kind == DogKind::Hound));
    assert_eq!(text(&pet), r#"{"kind":"hound","bark":"loud"}"#);
    // In another case of its name or of its value it means the same.
    assert!(matches!(read(json!({"Kind": "cat"})), Pet::Cat(_)));
    let pet: Pet = read(json!({"kind": "CAT"}));
    assert_eq!(text(&pet), r#"{"kind":"cat"}"#);
}

#[test]
fn a_variant_writes_its_tag_without_being_told() {
    assert_eq!(text(&Cat::default()), r#"{"kind":"cat"}"#);
    assert_eq!(
        text(&vec![Pet::from(Cat::default())]),
        r#"[{"kind":"cat"}]"#
    );
    assert_eq!(text(&Pet::from(Dog::default())), r#"{"kind":"dog"}"#);
}

#[test]
fn a_missing_tag_means_what_fits_best() {
    assert!(matches!(read(json!({"lives": 9})), Pet::Cat(_)));
    assert!(matches!(
        read(json!({"kind": null, "lives": 1})),
        Pet::Cat(_)
    ));
    assert!(matches!(read(json!({"fins": 2, "new": 1})), Pet::Fish(_)));
    assert!(matches!(read(json!("cat")), Pet::UnknownValue(_)));
}

#[test]
fn an_unknown_tag_means_the_only_variant_that_loses_nothing() {
    let pet: Pet = read(json!({"kind": "lion", "lives": 1}));
    assert!(matches!(&pet, Pet::Cat(_)));
    assert_eq!(text(&pet), r#"{"kind":"lion","lives":1}"#);
    // Nothing tells a cat from a dog, and nobody has a mane.
    for value in [
        json!({"kind": "lion"}),
        json!({"kind": "lion", "mane": true}),
    ] {
        assert_eq!(read::<Pet>(value.clone()), Pet::UnknownValue(value.into()));
    }
    // A fish without fins is none, and nothing else either.
    let value = json!({"kind": "fish", "lives": 1});
    assert_eq!(read::<Pet>(value.clone()), Pet::UnknownValue(value.into()));
}

#[test]
fn a_base_stands_for_objects_without_a_tag_and_keeps_what_it_does_not_know() {
    let pet: AnyPet = read(json!({"age": 3}));
    assert!(matches!(&pet, AnyPet::Base(base) if base.kind.is_none()));
    assert_eq!(text(&pet), r#"{"age":3}"#);
    let pet: AnyPet = read(json!({"wings": 2, "kind": "bird"}));
    let AnyPet::Base(base) = &pet else {
        panic!("{pet:?}")
    };
    assert_eq!(base.kind.as_ref().unwrap().as_str(), Some("bird"));
    assert_eq!(text(&pet), r#"{"kind":"bird","wings":2}"#);
    assert_eq!(text(&AnyPet::from(PetBase::default())), "{}");
    assert!(matches!(read(json!({"kind": "cat"})), AnyPet::Cat(_)));
}

#[test]
fn a_default_variant_stands_for_unknown_and_missing_tags() {
    for value in [
        json!({"kind": "bird"}),
        json!({"name": "x"}),
        json!({"kind": "other"}),
    ] {
        let pet: PetOrOther = read(value.clone());
        assert!(matches!(&pet, PetOrOther::Other(_)), "{value}");
        assert_eq!(serde_json::to_value(&pet).unwrap(), value);
    }
    assert!(matches!(read(json!({"kind": "cat"})), PetOrOther::Cat(_)));
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ball {
    #[serde(default, rename = "$type")]
    number: BallNumber,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cube {
    #[serde(default, rename = "$type")]
    number: CubeNumber,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Open {
    #[serde(default, rename = "$type")]
    state: OpenState,
}

sixclicks_core::tagged_union! {
    /// A thing whose discriminator is no string.
    pub enum Thing by "$type" {
        /// A ball.
        Ball(Ball) = [1] own,
        /// A cube.
        Cube(Cube) = [-2],
        /// What is open.
        Open(Open) = [true],
        ..UnknownValue
    }
}

#[test]
fn numbers_and_booleans_stay_what_they_are() {
    for (received, sent) in [
        (json!({"$type": 1}), r#"{"$type":1}"#),
        (json!({"$type": 1.0}), r#"{"$type":1}"#),
        (json!({"$type": "1"}), r#"{"$type":1}"#),
        (json!({"$type": -2}), r#"{"$type":-2}"#),
        (json!({"$type": true}), r#"{"$type":true}"#),
        (json!({"$type": "True"}), r#"{"$type":true}"#),
    ] {
        let thing: Thing = read(received.clone());
        assert!(!matches!(thing, Thing::UnknownValue(_)), "{received}");
        assert_eq!(text(&thing), sent);
    }
}

/// Two types of one tag, and one without a property for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Length {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grams: Option<f64>,
}

sixclicks_core::tagged_union! {
    /// What was measured.
    pub enum Measure by "of" {
        /// How long it is.
        Length(Length) = ["size"],
        /// How heavy it is.
        Weight(Weight) = ["size", "weight"],
        ..UnknownValue
    }
}

#[test]
fn of_several_variants_with_one_tag_the_best_fit_is_taken() {
    let measure: Measure = read(json!({"grams": 2.5, "of": "size"}));
    assert!(matches!(measure, Measure::Weight(_)));
    assert!(matches!(
        read(json!({"of": "size", "metres": 1.5})),
        Measure::Length(_)
    ));
    // What has no property for its tag gets one.
    assert_eq!(text(&Measure::from(Length::default())), r#"{"of":"size"}"#);
}

sixclicks_core::string_enum! {
    /// Sizes of letters.
    pub enum Letters {
        /// Small.
        Small = "small",
        ..UnknownValue
    }
}

sixclicks_core::string_enum! {
    /// Sizes of boxes.
    pub enum Boxes {
        /// Large.
        Large = "large",
        ..UnknownValue
    }
}

sixclicks_core::integer_enum! {
    /// Sizes in numbers.
    pub enum Numbers {
        /// One.
        One = 1,
        ..UnknownValue
    }
}

sixclicks_core::untagged_union! {
    /// A size.
    pub enum Size {
        /// Of a letter.
        Letters(Letters),
        /// Of a box.
        Boxes(Boxes),
        /// A number.
        Numbers(Numbers),
        /// A text.
        Text(String),
        ..UnknownValue
    }
}

#[test]
fn of_several_enums_the_one_that_lists_the_value_is_taken() {
    assert_eq!(read::<Size>(json!("small")), Size::Letters(Letters::Small));
    assert_eq!(read::<Size>(json!("large")), Size::Boxes(Boxes::Large));
    assert_eq!(read::<Size>(json!(1)), Size::Numbers(Numbers::One));
    assert_eq!(read::<Size>(json!("huge")), Size::Text("huge".to_owned()));
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    #[serde(default)]
    kind: NodeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Box<Tree>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Twig {
    #[serde(default)]
    kind: TwigKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Box<Tree>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<i32>,
}

sixclicks_core::tagged_union! {
    /// A tree.
    pub enum Tree by "kind" {
        /// A node.
        Node(Node) = ["node"] own,
        /// A twig.
        Twig(Twig) = ["twig"] own,
        ..UnknownValue
    }
}

#[test]
fn a_deep_tree_of_unknown_tags_is_read_in_reasonable_time() {
    let depth = 40;
    let mut tree = json!({"kind": "leaf", "right": 0});
    for level in 1..depth {
        tree = json!({"kind": "leaf", "right": level, "left": tree});
    }
    // Two to the power of forty readings would not end.
    let mut node = &read::<Tree>(tree);
    for level in (1..depth).rev() {
        let Tree::Twig(Twig {
            left: Some(left),
            right,
            ..
        }) = node
        else {
            panic!("level {level} was taken for {node:?}")
        };
        assert_eq!(*right, Some(level));
        node = left;
    }
}
