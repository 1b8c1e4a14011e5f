//! Numbers with more digits than a 64-bit number holds, integers and decimals. In a value made at
//! random, an integer that nothing else comes to stands for each; in JSON text, its digits take
//! that integer's place.

/// Stands for [`INTEGER`].
pub const FOR_INTEGER: i64 = 7_919_000_000_000_000_003;

/// Stands for [`DECIMAL`].
pub const FOR_DECIMAL: i64 = 7_919_000_000_000_000_021;

/// The largest signed integer of 128 bits.
const INTEGER: &str = "170141183460469231731687303715884105727";

/// A number of as many digits as a decimal of .NET holds.
const DECIMAL: &str = "7922816251426433759354395033.5";

/// The JSON text of a value made at random, with all digits of its numbers.
pub fn spelt(json: &str) -> String {
    json.replace(&FOR_INTEGER.to_string(), INTEGER)
        .replace(&FOR_DECIMAL.to_string(), DECIMAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_number_becomes_it() {
        let value = serde_json::json!({"a": [FOR_INTEGER, FOR_DECIMAL.to_string(), 7]});
        let text = format!("{{\"a\":[{INTEGER},\"{DECIMAL}\",7]}}");
        assert_eq!(spelt(&value.to_string()), text);
        let exact: u128 = INTEGER.parse().unwrap();
        assert_eq!(exact, i128::MAX as u128);
        assert_eq!(DECIMAL.replace('.', "").len(), 29);
    }
}
