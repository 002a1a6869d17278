//! The shapes of what goes in and out, each told once: [`dto!`] makes a struct and its JSON Schema from the same lines.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::domain::{
    AdminRole, ApiRight, CreditAsk, GenerationState, HookEvent, HookState, Money, PayMethod, Payer, PaymentState,
    TenantState, UnixMs,
};

/// The named schemas of a document.
#[derive(Default)]
pub(super) struct Schemas(pub(super) BTreeMap<String, Value>);

impl Schemas {
    /// Names an object's schema and gives the reference to it.
    pub(super) fn object(&mut self, name: &str, about: &str, fields: Vec<(&str, &str, Value, bool)>) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (field, about, mut schema, needed) in fields {
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), about.trim().into());
            }
            properties.insert(field.to_owned(), schema);
            if needed {
                required.push(Value::from(field));
            }
        }
        let mut object = json!({
            "type": "object", "description": about.trim(), "properties": properties, "additionalProperties": false,
        });
        if let (false, Some(object)) = (required.is_empty(), object.as_object_mut()) {
            object.insert("required".to_owned(), required.into());
        }
        self.0.insert(name.to_owned(), object);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

/// Something with a JSON Schema.
pub(super) trait Shape {
    /// Whether a field of this type must be given.
    const NEEDED: bool = true;
    /// Its name, where it is part of another's.
    const NAME: &'static str = "Value";
    /// Its schema, or the reference to it.
    fn schema(all: &mut Schemas) -> Value;
}

macro_rules! plain {
    ($($kind:ty: $schema:expr;)+) => { $(
        impl Shape for $kind {
            fn schema(_: &mut Schemas) -> Value {
                $schema
            }
        }
    )+ };
}

plain! {
    String: json!({ "type": "string" });
    bool: json!({ "type": "boolean" });
    i64: json!({ "type": "integer", "format": "int64" });
    At: json!({ "type": "string", "format": "date-time" });
    Kopecks: json!({ "type": "integer", "format": "int64" });
    Value: json!({ "type": "object" });
}

macro_rules! word_shapes {
    ($($kind:ty),+ $(,)?) => { $(
        impl Shape for $kind {
            fn schema(_: &mut Schemas) -> Value {
                let words: Vec<&str> = <$kind>::ALL.iter().map(|word| word.as_str()).collect();
                json!({ "type": "string", "enum": words })
            }
        }
    )+ };
}

word_shapes!(
    AdminRole,
    ApiRight,
    CreditAsk,
    GenerationState,
    HookEvent,
    HookState,
    PayMethod,
    Payer,
    PaymentState,
    TenantState
);

/// A moment, as RFC 3339 has it, UTC.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) UnixMs);

impl Serialize for At {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0.timestamp())
    }
}

/// Money: whole kopecks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kopecks(pub(super) Money);

impl Serialize for Kopecks {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.0.as_kopecks())
    }
}

impl<T: Shape> Shape for Option<T> {
    const NEEDED: bool = false;
    fn schema(all: &mut Schemas) -> Value {
        let mut schema = T::schema(all);
        let plain = schema.get("type").and_then(Value::as_str).map(str::to_owned);
        match (plain, schema.as_object_mut()) {
            (Some(kind), Some(object)) => {
                object.insert("type".to_owned(), json!([kind, "null"]));
                if let Some(Value::Array(words)) = object.get_mut("enum") {
                    words.push(Value::Null);
                }
                schema
            }
            _ => json!({ "anyOf": [schema, { "type": "null" }] }),
        }
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn schema(all: &mut Schemas) -> Value {
        json!({ "type": "array", "items": T::schema(all) })
    }
}

/// One page of a list.
#[derive(Serialize)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Ask with it for what comes after; null: that was all.
    pub(super) next: Option<String>,
}

impl<T: Shape> Shape for Page<T> {
    fn schema(all: &mut Schemas) -> Value {
        let items = Vec::<T>::schema(all);
        let next = Option::<String>::schema(all);
        let fields = vec![
            ("items", "In order, at most as many as were asked for.", items, true),
            ("next", "Give it as cursor to get what comes after; null: that was all.", next, true),
        ];
        all.object(&format!("{}Page", T::NAME), "One page of a list.", fields)
    }
}

/// Makes a struct whose fields are what a program sees, and its schema. `out`: sent, every field is there; `into`: received,
/// an `Option` may be left out, what is not named here is refused.
macro_rules! dto {
    ($(#[doc = $about:literal])* out $name:ident { $($(#[doc = $field_about:literal])* $field:ident: $kind:ty,)+ }) => {
        $(#[doc = $about])*
        #[derive(serde::Serialize)]
        pub(in crate::web::api) struct $name { $($(#[doc = $field_about])* pub(in crate::web::api) $field: $kind,)+ }
        dto!(@shape $name [$($about)*] { $($field [$($field_about)*]: $kind, true,)+ });
    };
    ($(#[doc = $about:literal])* into $name:ident { $($(#[doc = $field_about:literal])* $field:ident: $kind:ty,)+ }) => {
        $(#[doc = $about])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(in crate::web::api) struct $name { $($(#[doc = $field_about])* pub(in crate::web::api) $field: $kind,)+ }
        dto!(@shape $name [$($about)*] {
            $($field [$($field_about)*]: $kind, <$kind as $crate::web::api::shape::Shape>::NEEDED,)+
        });
    };
    (@shape $name:ident [$($about:literal)*] { $($field:ident [$($field_about:literal)*]: $kind:ty, $needed:expr,)+ }) => {
        impl $crate::web::api::shape::Shape for $name {
            const NAME: &'static str = stringify!($name);
            fn schema(all: &mut $crate::web::api::shape::Schemas) -> serde_json::Value {
                let fields = vec![$((
                    stringify!($field),
                    concat!($($field_about),*),
                    <$kind as $crate::web::api::shape::Shape>::schema(all),
                    $needed,
                ),)+];
                all.object(stringify!($name), concat!($($about),*), fields)
            }
        }
    };
}
pub(super) use dto;
