//! Types of objects from an OpenAPI schema, as the API server declares `object` and `params`.

use rampart_model::Value;

use super::types::Type;

/// As deep as a schema is read; what is deeper is `dyn`.
const DEEPEST: u32 = 64;

/// As many types as one schema may have; the rest is `dyn`.
const MOST: u32 = 50_000;

/// Names that an expression may not have as they are. They are there in their escaped form too.
const ESCAPES: [(&str, &str); 4] = [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

const KEYWORDS: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The type that a schema describes, under a name for messages. `$ref` is looked up by `resolve`.
///
/// What the schema says nothing of is `dyn`, and so is a schema within itself.
pub fn of_schema<'a>(schema: Value<'a>, name: &str, resolve: &dyn Fn(&str) -> Option<Value<'a>>) -> Type {
    Reader { resolve, within: Vec::new(), left: MOST }.read(schema, name, 0)
}

struct Reader<'a, 'r> {
    resolve: &'r dyn Fn(&str) -> Option<Value<'a>>,
    /// References that are being followed.
    within: Vec<&'a str>,
    left: u32,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, schema: Value<'a>, name: &str, depth: u32) -> Type {
        self.left = self.left.saturating_sub(1);
        if depth > DEEPEST || self.left == 0 {
            return Type::Dyn;
        }
        let text = |key: &str| schema.get(key).and_then(Value::str);
        if let Some(reference) = text("$ref") {
            if self.within.contains(&reference) {
                return Type::Dyn;
            }
            self.within.push(reference);
            let of = (self.resolve)(reference).map_or(Type::Dyn, |found| self.read(found, name, depth + 1));
            self.within.pop();
            return of;
        }
        // OpenAPI v3 wraps a reference that has a default or a description.
        let only = schema.get("allOf").filter(|parts| parts.len() == 1).and_then(|parts| parts.items().next());
        if let Some(only) = only {
            return self.read(only, name, depth + 1);
        }
        if schema.get("x-kubernetes-int-or-string").and_then(Value::bool) == Some(true) {
            return Type::Dyn;
        }
        match (text("type"), text("format")) {
            (Some("array"), _) => Type::list(match schema.get("items") {
                Some(items) => self.read(items, &format!("{name}.@items"), depth + 1),
                None => Type::Dyn,
            }),
            (Some("object"), _) => self.object(schema, name, depth),
            (None, _) if schema.get("properties").is_some() => self.object(schema, name, depth),
            (Some("string"), Some("byte")) => Type::Bytes,
            (Some("string"), Some("date" | "date-time")) => Type::Timestamp,
            (Some("string"), Some("duration")) => Type::Duration,
            (Some("string"), Some("int-or-string")) => Type::Dyn,
            (Some("string"), _) => Type::String,
            (Some("boolean"), _) => Type::Bool,
            (Some("integer"), _) => Type::Int,
            (Some("number"), _) => Type::Double,
            _ => Type::Dyn,
        }
    }

    fn object(&mut self, schema: Value<'a>, name: &str, depth: u32) -> Type {
        let mut fields = Vec::new();
        for (field, inside) in schema.get("properties").into_iter().flat_map(Value::entries) {
            let of = self.read(inside, &format!("{name}.{field}"), depth + 1);
            if let Some(escaped) = escape(field) {
                fields.push((escaped, of.clone()));
            }
            fields.push((field.to_owned(), of));
        }
        let keeps_more = schema.get("x-kubernetes-preserve-unknown-fields").and_then(Value::bool) == Some(true);
        if !fields.is_empty() && !keeps_more {
            return Type::object(name, fields);
        }
        match schema.get("additionalProperties").filter(|inside| inside.bool().is_none() && fields.is_empty()) {
            Some(inside) => Type::map(Type::String, self.read(inside, &format!("{name}.@elem"), depth + 1)),
            None => Type::Dyn,
        }
    }
}

/// How an expression names a field whose name is no identifier.
fn escape(field: &str) -> Option<String> {
    if KEYWORDS.contains(&field) {
        return Some(format!("__{field}__"));
    }
    let escaped = ESCAPES.iter().fold(field.to_owned(), |text, (what, with)| text.replace(what, with));
    (escaped != field).then_some(escaped)
}
