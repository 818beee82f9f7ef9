//! The smallest value that fits a schema of the OpenAPI document: so that a test can call every operation without
//! knowing any.

use serde_json::{Map, Value, json};

/// A value that fits; required fields only.
pub fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return sample(document, document.pointer(pointer).unwrap_or_else(|| panic!("{name} is missing")));
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(options) = schema[several].as_array() {
            let some = options.iter().find(|option| option["type"] != "null").unwrap();
            return sample(document, some);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            whole.extend(sample(document, part).as_object().cloned().unwrap_or_default());
        }
        return Value::Object(whole);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str().unwrap_or("object"),
        kind => kind.as_str().unwrap_or("object"),
    };
    match kind {
        "string" if schema["format"] == "uuid" => json!("01900000-0000-7000-8000-000000000001"),
        "string" if schema["format"] == "date-time" => json!("2026-11-23T06:05:00Z"),
        "string" => json!("x".repeat(schema["minLength"].as_u64().unwrap_or(2).max(2) as usize)),
        "integer" => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
        "number" => json!(0.5),
        "boolean" => json!(true),
        "array" => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let field = |name: &Value| {
                let name = name.as_str().unwrap().to_owned();
                let value = sample(document, &schema["properties"][&name]);
                (name, value)
            };
            Value::Object(required.iter().map(field).collect())
        }
    }
}
