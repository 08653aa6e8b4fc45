//! Front matter as JSON, for those who compare readers.
//!
//! In: [`Field`]s. Out: an object. A key given twice counts as its last; numbers keep their value, not their spelling (`0x1F` is 31), and
//! those that JSON has not (`inf`, `nan`) are text.

use super::value::{Field, Value};
use serde_json::{Map, Value as Json};

/// The fields as an object.
pub(super) fn object(fields: &[Field]) -> Json {
    Json::Object(fields.iter().map(|field| (field.name.clone(), json(&field.value))).collect::<Map<_, _>>())
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => number(text),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(values) => Json::Array(values.iter().map(json).collect()),
        Value::Map(fields) => object(fields),
    }
}

fn number(written: &str) -> Json {
    let plain = written.trim().replace('_', "");
    let plain = plain.strip_prefix('+').unwrap_or(&plain);
    let (sign, digits) = plain.strip_prefix('-').map_or((1, plain), |digits| (-1, digits));
    let based = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, base)| {
        i64::from_str_radix(digits.strip_prefix(prefix)?, base).ok().map(|number| sign * number)
    });
    if let Some(whole) = based.or_else(|| plain.parse().ok()) {
        return Json::from(whole);
    }
    let fraction = plain.parse().ok().and_then(serde_json::Number::from_f64);
    fraction.map_or_else(|| Json::String(written.to_owned()), Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_value_that_was_written() {
        for (written, expected) in [
            ("1_000", "1000"),
            ("+7", "7"),
            ("-0x1F", "-31"),
            ("0b101", "5"),
            ("1.10", "1.1"),
            ("5e+22", "5e+22"),
            ("-inf", "\"-inf\""),
            ("99999999999999999999", "1e+20"),
        ] {
            assert_eq!(number(written).to_string(), expected, "{written}");
        }
    }
}
