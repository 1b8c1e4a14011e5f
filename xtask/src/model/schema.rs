//! The schemas of an API as Rust sees them. A component schema is a struct, an enum, a union, a
//! constant or an alias; everything inside one is a [`Type`].

use serde_json::Value;

/// A component schema: a named type of the crate.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The title in the document.
    pub title: Option<String>,
    /// The description in the document.
    pub description: Option<String>,
    /// What the schema is.
    pub shape: Shape,
}

/// What a component schema is.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An object with named properties.
    Struct(Struct),
    /// A string or an integer with listed values.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// A single value, such as the discriminator of a subtype.
    Constant(Value),
    /// Another name for a type.
    Alias(Type),
}

/// An object with named properties.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The properties, in the document's order.
    pub fields: Vec<Field>,
    /// What the other properties hold. `None` if they are ignored.
    pub rest: Option<Type>,
}

/// A property of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in the lowered document, which the name in Rust follows from.
    pub key: String,
    /// Whether the property is always present.
    pub required: bool,
    /// The type.
    pub ty: Type,
    /// Whether only the server sets the property.
    pub read_only: bool,
    /// Whether the property is never returned.
    pub write_only: bool,
    /// Whether the property is deprecated.
    pub deprecated: bool,
    /// How the property tells subtypes apart, if it is a discriminator.
    pub tag: Option<Tag>,
}

/// How a discriminator gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// It has one value.
    Fixed,
    /// It has several values. The first is sent unless another is set.
    First,
    /// It keeps the value that the server sent.
    Received,
    /// Any value can be set.
    Free,
}

/// A string or an integer with listed values.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Whether the values are strings. Otherwise they are integers.
    pub is_string: bool,
    /// The listed values.
    pub values: Vec<EnumValue>,
    /// Whether the first value is the default.
    pub first_is_default: bool,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The name of the variant in Rust.
    pub name: String,
    /// The value on the wire.
    pub value: Value,
    /// The description in the document.
    pub description: Option<String>,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The property that tells the variants apart, if one does.
    pub discriminator: Option<String>,
    /// The variants, in the document's order.
    pub variants: Vec<Variant>,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The type.
    pub ty: Type,
    /// The name, where it does not follow from the type.
    pub name: Option<String>,
    /// The values of the discriminator that stand for this variant.
    pub tags: Vec<Value>,
    /// Whether the type writes its discriminator itself.
    pub writes_tag: bool,
    /// Whether the variant stands for unknown and missing discriminators.
    pub is_default: bool,
}

/// The type of a field, parameter, list item, body or response.
#[derive(Clone, Debug)]
pub struct Type {
    /// What it holds.
    pub kind: TypeKind,
    /// Whether it can be `null`.
    pub nullable: bool,
    /// The description of this use of the type.
    pub description: Option<String>,
    /// The documented default, if it is a number.
    pub default: Option<Value>,
}

/// What a [`Type`] holds.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// The component schema of this name.
    Named(String),
    /// A string, number or boolean.
    Scalar(Scalar),
    /// A list.
    List(Box<Type>),
    /// A map from strings to values of one type.
    Map(Box<Type>),
    /// An object of which nothing is known.
    Object,
    /// Any JSON value.
    Any,
}

/// A string, number or boolean.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The JSON type.
    pub json: JsonType,
    /// The format in the document.
    pub format: Option<String>,
    /// The type of the core crate that holds it, such as `DateTime`.
    pub core: Option<CoreType>,
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
}

/// A value type of the core crate.
#[derive(Clone, Debug)]
pub struct CoreType {
    /// The name, without its path.
    pub name: String,
    /// The type parameter.
    pub parameter: Option<Box<Type>>,
}

impl Schema {
    /// Returns whether the type keeps values that the document does not list, so that it is
    /// written by the generator and not by typify.
    pub fn is_open(&self) -> bool {
        matches!(
            self.shape,
            Shape::Enum(_) | Shape::Union(_) | Shape::Constant(_)
        )
    }

    /// Returns the struct, unless the schema is something else.
    pub fn as_struct(&self) -> Option<&Struct> {
        match &self.shape {
            Shape::Struct(own) => Some(own),
            _ => None,
        }
    }

    /// Returns the types that values of this schema hold without a list or map in between.
    pub fn direct_types(&self) -> Vec<&Type> {
        match &self.shape {
            Shape::Struct(own) => own.fields.iter().map(|field| &field.ty).collect(),
            Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Shape::Alias(ty) => vec![ty],
            Shape::Enum(_) | Shape::Constant(_) => Vec::new(),
        }
    }

    /// Calls `f` with the name of every component that the schema refers to, once for each
    /// reference.
    pub fn each_reference(&self, f: &mut dyn FnMut(&str)) {
        for ty in self.direct_types() {
            ty.each_reference(f);
        }
        if let Shape::Struct(Struct {
            rest: Some(rest), ..
        }) = &self.shape
        {
            rest.each_reference(f);
        }
    }
}

impl Struct {
    /// Returns whether a value can be made without setting any property.
    pub fn has_no_required_fields(&self) -> bool {
        self.fields.iter().all(|field| !field.required)
    }
}

impl Type {
    /// Returns a type that is not nullable and has no documentation.
    pub fn new(kind: TypeKind) -> Self {
        Self {
            kind,
            nullable: false,
            description: None,
            default: None,
        }
    }

    /// Returns the name of the component that this type refers to.
    pub fn target(&self) -> Option<&str> {
        match &self.kind {
            TypeKind::Named(name) => Some(name),
            _ => None,
        }
    }

    /// Returns the type of the list's items.
    pub fn items(&self) -> Option<&Type> {
        match &self.kind {
            TypeKind::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the scalar.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            TypeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns whether this is a scalar of a JSON type.
    pub fn is_json(&self, json: JsonType) -> bool {
        self.scalar().is_some_and(|scalar| scalar.json == json)
    }

    /// Calls `f` with the name of every component that the type refers to.
    pub fn each_reference(&self, f: &mut dyn FnMut(&str)) {
        match &self.kind {
            TypeKind::Named(name) => f(name),
            TypeKind::List(inner) | TypeKind::Map(inner) => inner.each_reference(f),
            TypeKind::Scalar(Scalar {
                core:
                    Some(CoreType {
                        parameter: Some(inner),
                        ..
                    }),
                ..
            }) => inner.each_reference(f),
            TypeKind::Scalar(_) | TypeKind::Object | TypeKind::Any => {}
        }
    }
}

impl JsonType {
    /// Returns the name in JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
        }
    }
}
