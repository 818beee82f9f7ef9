//! What picking an option makes of a choice's value.

use domain::schema::{Control, Kind};
use serde_json::Value;

/// The ids that a value holds.
pub fn picked(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).map_or_else(Vec::new, |list| list.iter().filter_map(Value::as_str).collect())
}

/// The value after picking an option: a single choice takes it in place of another, a multiple one adds it or takes it
/// away. Picking the picked one of a single choice takes it away unless an answer is required.
pub fn pick(control: &Control, value: Option<&Value>, option: &str) -> Option<Value> {
    let Kind::Choice { multiple, .. } = &control.kind else { return value.cloned() };
    let before = picked(value);
    let has = before.contains(&option);
    if !multiple {
        let stays = !has || control.required;
        return stays.then(|| Value::Array(vec![Value::String(option.to_owned())]));
    }
    // In the schema's order, so that equal answers are equal values.
    let after: Vec<Value> = control
        .leaves()
        .into_iter()
        .map(|leaf| leaf.id.as_str())
        .filter(|id| if *id == option { !has } else { before.contains(id) })
        .map(|id| Value::String(id.to_owned()))
        .collect();
    (!after.is_empty()).then_some(Value::Array(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn control(multiple: bool, required: bool) -> Control {
        serde_json::from_value(json!({
            "id": "mood", "kind": "choice", "multiple": multiple, "required": required,
            "options": [{ "id": "good" }, { "id": "bad", "children": [{ "id": "rude" }, { "id": "false" }] }],
        }))
        .unwrap()
    }

    #[test]
    fn a_single_choice_replaces() {
        let control = control(false, true);
        let one = pick(&control, None, "good");
        assert_eq!(one, Some(json!(["good"])));
        assert_eq!(pick(&control, one.as_ref(), "rude"), Some(json!(["rude"])));
        assert_eq!(pick(&control, one.as_ref(), "good"), Some(json!(["good"])), "an answer is required");
    }

    #[test]
    fn an_optional_choice_can_be_taken_back() {
        assert_eq!(pick(&control(false, false), Some(&json!(["good"])), "good"), None);
    }

    #[test]
    fn a_multiple_choice_keeps_the_schemas_order() {
        let control = control(true, false);
        let two = pick(&control, Some(&json!(["false"])), "good");
        assert_eq!(two, Some(json!(["good", "false"])));
        assert_eq!(pick(&control, two.as_ref(), "false"), Some(json!(["good"])));
        assert_eq!(pick(&control, Some(&json!(["good"])), "good"), None);
    }
}
