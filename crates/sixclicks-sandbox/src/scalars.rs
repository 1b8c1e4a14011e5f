//! Numbers and texts made at random, within the bounds that their schemas set.

use serde_json::{Map, Number, Value, json};

use crate::{
    digits,
    instance::{Maker, number_of},
    pattern, schema,
};

impl Maker<'_> {
    pub(crate) fn integer(&mut self, flat: &Map<String, Value>) -> Value {
        if let Some(extreme) = self.extreme(flat) {
            return extreme;
        }
        let (mut low, mut high) = bounds(flat, 1.0);
        if let Some((least, greatest)) = schema::integers(flat) {
            low = low.max(least.as_f64().unwrap_or(low));
            high = high.min(greatest.as_f64().unwrap_or(high));
        }
        let step = number_of(flat, "multipleOf")
            .filter(|step| *step >= 1.0)
            .unwrap_or(1.0);
        let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
        if self.shape.plain {
            let one = first.max(1).min(last.max(first));
            return json!(one.saturating_mul(step as i64));
        }
        let chosen = self.rng.i64(first..=last.max(first));
        json!(chosen.saturating_mul(step as i64))
    }

    pub(crate) fn number(&mut self, flat: &Map<String, Value>) -> Value {
        let format = flat.get("format").and_then(Value::as_str);
        let whole = format.is_some_and(|format| format.trim_start_matches('u').starts_with("int"));
        if whole || number_of(flat, "multipleOf").is_some_and(|step| step >= 1.0) {
            return self.integer(flat);
        }
        if let Some(decimal) = self.decimal(flat) {
            return decimal;
        }
        let (low, high) = bounds(flat, 0.25);
        if self.shape.plain && low <= 1.0 && high >= 1.0 {
            return json!(1);
        }
        // Quarters have the same value in every notation.
        let value = (self.rng.f64() * (high - low) * 4.0).floor() / 4.0 + low;
        Number::from_f64(value).map_or_else(|| json!(0), Value::Number)
    }

    pub(crate) fn string(&mut self, flat: &Map<String, Value>) -> String {
        if let Some(number) = self.number_as_text(flat) {
            return number;
        }
        if self.shape.plain
            && let Some(text) = fitting(flat)
        {
            return text.to_owned();
        }
        if let Some(pattern) = flat.get("pattern").and_then(Value::as_str)
            && let Some(text) = pattern::text(pattern, &mut self.rng)
        {
            return text;
        }
        let number = match self.shape.plain {
            true => 1,
            false => self.rng.u32(0..60),
        };
        let two = |number: u32| format!("{:02}", number);
        let format = flat.get("format").or_else(|| flat.get("contentEncoding"));
        let format = format.and_then(Value::as_str);
        if self.shape.plain
            && let Some(text) = plain(format.unwrap_or_default())
        {
            return text;
        }
        let text = match format.unwrap_or_default().to_lowercase().as_str() {
            "date-time" | "datetime" => {
                let zone = if self.shape.offset_less { ".123" } else { "Z" };
                return format!("2024-04-03T02:30:{}{zone}", two(number));
            }
            "date" => return format!("2024-04-{}", two(number % 28 + 1)),
            "time" => return format!("02:30:{}Z", two(number)),
            "date-span" | "time-span" | "timespan" => return format!("02:30:{}", two(number)),
            "duration" => return format!("PT{number}S"),
            "uuid" | "guid" => {
                return format!("9b2c1d34-0a5e-4f6b-8c7d-0000{:08x}", self.rng.u32(..));
            }
            "uri" | "url" | "uri-reference" | "iri" | "iri-reference" => {
                return format!("https://example.com/{number}");
            }
            "email" => return format!("user{number}@example.com"),
            "ipv4" => return format!("192.0.2.{number}"),
            "ipv6" => return format!("2001:db8::{number}"),
            "hostname" => return format!("host{number}.example.com"),
            "byte" | "base64" => {
                return ["aGk=", "aGVsbG8=", "AQIDBA=="][number as usize % 3].to_owned();
            }
            "base64url" => return ["aGk", "_-8", "AQIDBA"][number as usize % 3].to_owned(),
            "boolean" | "bool" => return number.is_multiple_of(2).to_string(),
            "json-pointer" => return format!("/at/{number}"),
            _ if self.shape.plain => "a".to_owned(),
            _ => {
                // What delimits, quotes or encodes text somewhere is in every text but the first.
                let kinds = [
                    "text",
                    "Prüfung & 'a'|b, 7%20c",
                    "100% „a/b“=c+d?;#:@é",
                    "„quoted“ \"text\", \\ [x]{y} %",
                    "日本 🎈 <a.b>, 5% 'off'",
                ];
                format!("{} {number}", kinds[number as usize % kinds.len()])
            }
        };
        let least = number_of(flat, "minLength").unwrap_or(0.0) as usize;
        let most = number_of(flat, "maxLength").map_or(usize::MAX, |most| most as usize);
        let padding = least.saturating_sub(text.chars().count()).min(100_000);
        let text = text + &"x".repeat(padding);
        let without = self.shape.without;
        let text: String = text.chars().take(most).collect();
        text.replace(|c| without.contains(c), "-").trim().to_owned()
    }
}

impl Maker<'_> {
    /// An integer that only its format bounds, every fourth time.
    fn extreme(&mut self, flat: &Map<String, Value>) -> Option<Value> {
        if is_bounded(flat) || self.rng.u8(0..4) > 0 {
            return None;
        }
        match schema::integers(flat) {
            Some((low, high)) => Some(if self.rng.bool() { low } else { high }),
            None => match flat.get("format").and_then(Value::as_str) {
                Some("int128" | "uint128") if self.shape.digits => Some(json!(digits::FOR_INTEGER)),
                Some(_) => None,
                // One more than a 64-bit floating-point number holds.
                None => Some(json!(9_007_199_254_740_993_i64)),
            },
        }
    }

    /// A decimal that nothing bounds, with all its digits every fourth time.
    fn decimal(&mut self, flat: &Map<String, Value>) -> Option<Value> {
        let format = flat.get("format").and_then(Value::as_str);
        let is_one = format.is_some_and(|format| format.eq_ignore_ascii_case("decimal"));
        // Unions are read through values that hold 64 bits.
        let free = is_one && self.shape.digits && self.unions == 0 && !is_bounded(flat);
        (free && self.rng.u8(0..4) == 0).then(|| json!(digits::FOR_DECIMAL))
    }

    /// A text that stands for a number, within the number's bounds.
    fn number_as_text(&mut self, flat: &Map<String, Value>) -> Option<String> {
        let listed = |kind: &str| match flat.get("type") {
            Some(Value::Array(names)) => names.iter().any(|name| name == kind),
            _ => false,
        };
        let format = flat.get("format").and_then(Value::as_str);
        let format = format.unwrap_or_default().to_lowercase();
        let value = match format.as_str() {
            "decimal" | "double" | "float" => self.number(flat),
            "integer" => self.integer(flat),
            _ if schema::integers(flat).is_some() || listed("integer") => self.integer(flat),
            "number" => self.number(flat),
            _ if listed("number") => self.number(flat),
            _ => return None,
        };
        Some(value.to_string())
    }
}

/// Whether anything but its format bounds a number.
fn is_bounded(flat: &Map<String, Value>) -> bool {
    const BOUNDS: [&str; 5] = [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ];
    BOUNDS.iter().any(|bound| flat.contains_key(*bound))
}

/// The first of some plain texts that fits a pattern, if there is one.
fn fitting(flat: &Map<String, Value>) -> Option<&'static str> {
    let pattern = flat.get("pattern")?;
    let rule = jsonschema::validator_for(&json!({"pattern": pattern})).ok()?;
    let mut plain = ["a", "1", "00:00:01", "A1", "aa"].into_iter();
    plain.find(|text| rule.is_valid(&json!(text)))
}

/// The value of a format that no server has a reason to refuse, where chance makes another.
fn plain(format: &str) -> Option<String> {
    let now = chrono::Utc::now();
    Some(match format.to_lowercase().as_str() {
        "date-time" | "datetime" => now.format("%Y-%m-%dT00:00:00Z").to_string(),
        "date" => now.format("%Y-%m-%d").to_string(),
        "uuid" | "guid" => "00000000-0000-4000-8000-000000000001".to_owned(),
        "byte" | "base64" => "YQ==".to_owned(),
        // ASP.NET's times of day have no offset.
        "time" => "02:30:01".to_owned(),
        _ => return None,
    })
}

/// The bounds of a number; exclusive ones are moved by a step.
fn bounds(flat: &Map<String, Value>, step: f64) -> (f64, f64) {
    let exclusive = |keyword: &str| flat.get(keyword) == Some(&Value::Bool(true));
    let shift = |is: bool| if is { step } else { 0.0 };
    let low = number_of(flat, "minimum")
        .map(|low| low + shift(exclusive("exclusiveMinimum")))
        .into_iter()
        .chain(number_of(flat, "exclusiveMinimum").map(|low| low + step))
        .fold(None, |known: Option<f64>, low| {
            Some(known.map_or(low, |known| known.max(low)))
        });
    let high = number_of(flat, "maximum")
        .map(|high| high - shift(exclusive("exclusiveMaximum")))
        .into_iter()
        .chain(number_of(flat, "exclusiveMaximum").map(|high| high - step))
        .fold(None, |known: Option<f64>, high| {
            Some(known.map_or(high, |known| known.min(high)))
        });
    match (low, high) {
        (Some(low), Some(high)) => (low, high.min(low + 100.0).max(low)),
        (Some(low), None) => (low, low + 100.0),
        (None, Some(high)) => ((high - 100.0).max(high.min(0.0)), high),
        (None, None) => (0.0, 100.0),
    }
}
