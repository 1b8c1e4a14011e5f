//! Structs with their fields and traits, and enums with their variants.

use std::collections::{BTreeMap, HashMap};

use syn::{Attribute, Expr, Item, ItemEnum, ItemMod, ItemStruct, Member, Stmt, Visibility};

use super::{
    super::{Field, Type, Variant},
    open::Open,
};
use crate::{
    generate::{
        print::one_line,
        syntax::{implementor, method},
        types::is_missing,
    },
    ident,
    model::{Plan, Schema, schema},
};

/// The types of a crate.
pub struct Types<'a> {
    plan: &'a Plan,
    types: BTreeMap<String, Type>,
}

impl<'a> Types<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            types: BTreeMap::new(),
        }
    }

    /// Looks at one item of the types file.
    pub fn see(&mut self, item: &Item) {
        let (name, kind) = match item {
            Item::Struct(item) => (item.ident.to_string(), structure(item, self.plan)),
            Item::Enum(item) => (item.ident.to_string(), responses(item)),
            Item::Macro(item) => {
                let Ok(open) = syn::parse2::<Open>(item.mac.tokens.clone()) else {
                    return;
                };
                let form = item.mac.path.segments.last();
                let kind = Type::Enum {
                    form: form.map_or(String::new(), |last| last.ident.to_string()),
                    tag: open.tag,
                    variants: open.variants,
                };
                (open.name, kind)
            }
            Item::Mod(ItemMod {
                ident,
                content: Some((_, items)),
                ..
            }) if ident == "builder" => {
                items.iter().for_each(|item| self.builder(item));
                return;
            }
            _ => return,
        };
        self.types.insert(name, kind);
    }

    /// Marks the fields that a builder's `default` leaves as an error.
    fn builder(&mut self, item: &Item) {
        let Item::Impl(item) = item else { return };
        let Some(default) = method(item, "default") else {
            return;
        };
        let Some(Stmt::Expr(Expr::Struct(made), _)) = default.block.stmts.last() else {
            return;
        };
        let of = implementor(item).and_then(|name| self.types.get_mut(&name));
        let Some(Type::Struct { fields, .. }) = of else {
            return;
        };
        for field in made.fields.iter().filter(|field| is_missing(field)) {
            if let Member::Named(name) = &field.member
                && let Some(field) = fields.get_mut(&name.to_string())
            {
                field.required = true;
            }
        }
    }

    pub fn finish(self) -> BTreeMap<String, Type> {
        self.types
    }
}

fn structure(item: &ItemStruct, plan: &Plan) -> Type {
    let name = item.ident.to_string();
    let own = plan.schemas.get(&name).and_then(Schema::as_struct);
    let properties: HashMap<String, &schema::Field> = own
        .map_or(&[][..], |own| &own.fields)
        .iter()
        .map(|property| (ident::field_name(&property.key), property))
        .collect();
    let fields = item
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !matches!(field.vis, Visibility::Inherited))
        .map(|(index, field)| {
            let own = field
                .ident
                .as_ref()
                .map_or(index.to_string(), ToString::to_string);
            let known = properties.get(&own);
            let wire = known.map_or("", |property| &property.wire);
            let field = Field {
                wire: wire.to_owned(),
                rust: one_line(&field.ty),
                required: false,
                deprecated: known.is_some_and(|property| property.deprecated),
            };
            (own, field)
        })
        .collect();
    Type::Struct {
        fields,
        traits: derived(&item.attrs),
        sent: false,
    }
}

fn derived(attrs: &[Attribute]) -> Vec<String> {
    let mut traits = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        // What does not parse is no derive that the generator writes.
        let _ = attr.parse_nested_meta(|meta| {
            traits.extend(meta.path.segments.last().map(|last| last.ident.to_string()));
            Ok(())
        });
    }
    traits.sort();
    traits
}

fn responses(item: &ItemEnum) -> Type {
    let variants = item
        .variants
        .iter()
        .map(|variant| Variant {
            name: variant.ident.to_string(),
            holds: variant
                .fields
                .iter()
                .next()
                .map(|field| one_line(&field.ty)),
            wire: None,
        })
        .collect();
    Type::Enum {
        form: "responses".to_owned(),
        tag: None,
        variants,
    }
}
