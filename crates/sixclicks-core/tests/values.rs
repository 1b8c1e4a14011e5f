//! What the value types promise: they read what ASP.NET sends and write the same back.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, TimeZone, Timelike, Utc};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sixclicks_core::{Base64, Date, DateTime, Decimal, NumberOrText, Secret, Text, Time, TimeSpan};

/// Reads JSON text and writes it again.
fn rewrite<T: DeserializeOwned + Serialize>(json: &str) -> String {
    let value: T = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
    serde_json::to_string(&value).unwrap()
}

fn keeps<T: DeserializeOwned + Serialize>(texts: &[&str]) {
    for text in texts {
        let json = serde_json::to_string(text).unwrap();
        assert_eq!(rewrite::<T>(&json), json);
    }
}

fn refuses<T: FromStr + std::fmt::Debug>(texts: &[&str]) {
    for text in texts {
        assert!(text.parse::<T>().is_err(), "{text:?} was read");
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn date_times_are_written_as_they_came() {
    keeps::<DateTime>(&[
        "2024-04-03T02:30:13.123",
        "2024-04-03T02:30:13.1234567",
        "2024-04-03T02:30:13.1234567Z",
        "2024-04-03T02:30:13.100Z",
        "2024-04-03T02:30:13.12345678901234567890",
        "2024-04-03T02:30:13+10:00",
        "2024-04-03T02:30:13+00:00",
        "2024-04-03T02:30:13-00:00",
        "2024-04-03T02:30:13+1000",
        "2024-04-03T02:30:13-03",
        "2024-04-03 02:30:13",
        "2024-04-03 02:30:13.5 +02:00",
        "2024-04-03t02:30:13z",
        "2024-04-03T02:30",
        "2024-04-03",
        "2016-12-31T23:59:60Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.9999999",
        "/Date(1712111413123)/",
        "/Date(-62135596800000)/",
        "/Date(1712111413123+1000)/",
        "Wed, 03 Apr 2024 02:30:13 GMT",
    ]);
}

#[test]
fn what_is_no_date_time_is_refused_with_the_text() {
    refuses::<DateTime>(&[
        "",
        "now",
        "2024",
        "2024-13-01",
        "2024-02-30T00:00:00",
        "2024-04-03T25:00:00",
        "2024-04-03T02:30:13+99:00",
        "2024-04-03T02:30:13.Z",
        "2024-04-03T",
        "/Date()/",
        "/Date(é)/",
        "2024-04-03T02:30:13Zx",
    ]);
    let error = "soon".parse::<DateTime>().unwrap_err();
    assert_eq!(error.to_string(), "\"soon\" is not a date-time");
}

#[test]
fn a_date_time_without_offset_is_utc() {
    let bare: DateTime = "2024-04-03T02:30:13".parse().unwrap();
    assert!(!bare.has_offset());
    assert_eq!(
        bare.to_utc(),
        Utc.with_ymd_and_hms(2024, 4, 3, 2, 30, 13).unwrap()
    );
    let zoned: DateTime = "2024-04-03T12:30:13+10:00".parse().unwrap();
    assert_eq!(zoned.offset(), FixedOffset::east_opt(36_000));
    assert_eq!(zoned.to_local().hour(), 12);
    assert_eq!((&bare, hash(&bare)), (&zoned, hash(&zoned)));
    assert_eq!(bare.cmp(&zoned), std::cmp::Ordering::Equal);
    assert_eq!(bare, "/Date(1712111413000)/".parse().unwrap());
}

#[test]
fn dates_and_times_are_written_as_they_came() {
    keeps::<Date>(&[
        "2024-04-03",
        "2024-04-03T00:00:00",
        "2024-04-03T00:00:00Z",
        "2024-04-03T00:00:00+10:00",
    ]);
    keeps::<Time>(&[
        "09:30",
        "09:30:00",
        "09:30:00.1234567",
        "09:30:00.50",
        "09:30:00Z",
        "09:30:00+02:00",
    ]);
    refuses::<Date>(&["", "03.04.2024", "2024-04-31"]);
    refuses::<Time>(&["", "9:30", "24:00:01", "09:60", "09:30:00.", "noon"]);
    // The date is the one that was written, whatever it is in UTC.
    let date: Date = "2024-04-03T00:00:00+10:00".parse().unwrap();
    assert_eq!(
        date.to_naive(),
        NaiveDate::from_ymd_opt(2024, 4, 3).unwrap()
    );
    assert_eq!(date, date.to_naive().into());
}

#[test]
fn time_spans_are_written_as_they_came() {
    keeps::<TimeSpan>(&[
        "00:00:00",
        "01:30",
        "-01:30:00",
        "1.02:03:04.0050000",
        "1.02:03:04.5",
        "6",
        "6:12:14:45.3",
        "10675199.02:48:05.4775807",
        "P1D",
        "PT1H",
        "PT1.5H",
        "-P1Y2M3W4DT5H6M7.008S",
        "PT0S",
    ]);
    refuses::<TimeSpan>(&[
        "",
        "-",
        "P",
        "PT",
        "P1",
        "P1H",
        "PT1D",
        "P1DT",
        "1:60",
        "01:00:60",
        "1.2.3",
        "soon",
        "99999999999999999999",
        "P99999999999999999999Y",
        "P9000000000000000000Y",
    ]);
    let hours = |hours| TimeSpan::from(chrono::Duration::hours(hours));
    for text in ["1.02:00:00", "PT26H", "P1DT2H"] {
        assert_eq!(text.parse::<TimeSpan>().unwrap(), hours(26), "{text}");
    }
    assert_eq!(hours(-26).to_string(), "-1.02:00:00");
    assert_eq!(hours(-26).to_std(), None);
    assert_eq!(
        TimeSpan::iso(chrono::Duration::hours(26))
            .to_string()
            .parse(),
        Ok(hours(26))
    );
}

#[test]
fn decimals_keep_every_digit_and_their_scale() {
    for json in [
        "0",
        "-0",
        "1.10",
        "0.0000000000000000000000000001",
        "79228162514264337593543950335",
        "-7.9228162514264337593543950335",
        "1e3",
        "1E+400",
        "12345678901234567890123456789012345678.90",
        r#""1.10""#,
        r#""007""#,
        r#""+1""#,
        r#"" 5 ""#,
    ] {
        assert_eq!(rewrite::<Decimal>(json), json);
    }
    refuses::<Decimal>(&[
        "", "-", ".", "1e", "e1", "1,5", "0x1", "1.2.3", "NaN", "١", "1e+", "--1",
    ]);
    for json in [
        "null",
        "true",
        "[1]",
        "{}",
        r#"{"$serde_json::private::RawValue": "1"}"#,
        r#""x""#,
    ] {
        assert!(
            serde_json::from_str::<Decimal>(json).is_err(),
            "{json} was read"
        );
    }
}

#[test]
fn decimals_compare_as_numbers() {
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    for (a, b) in [
        ("1.10", "1.1"),
        ("0", "-0.00"),
        ("100", "1e2"),
        ("0.01", "1E-2"),
        (".5", "0.5"),
        ("5.", "5"),
    ] {
        assert_eq!(
            (decimal(a), hash(decimal(a))),
            (decimal(b), hash(decimal(b)))
        );
        assert_eq!(decimal(a).cmp(&decimal(b)), std::cmp::Ordering::Equal);
    }
    let ascending = [
        "-1e99999999999999999999",
        "-10",
        "-9.9",
        "-0.1",
        "0",
        "0.001",
        "0.1",
        "9",
        "10",
        "1e400",
    ];
    for pair in ascending.windows(2) {
        assert!(decimal(pair[0]) < decimal(pair[1]), "{pair:?}");
    }
    assert_eq!(decimal("-9223372036854775808").to_i64(), Some(i64::MIN));
    assert_eq!(decimal("9223372036854775808").to_i64(), None);
    assert_eq!(decimal("1e999999999999").to_i64(), None);
    assert_eq!(decimal("1.25").to_f64(), 1.25);
    assert_eq!(Decimal::try_from(0.1).unwrap().as_str(), "0.1");
    assert!(Decimal::try_from(f64::NAN).is_err());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flattened {
    #[serde(flatten)]
    inner: Amount,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Amount {
    amount: Decimal,
    maybe: Option<Decimal>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Either {
    Amount(Amount),
    Number(Decimal),
}

#[test]
fn decimals_survive_flatten_untagged_and_value() {
    let json = r#"{"amount":1.5,"maybe":"2.50"}"#;
    assert_eq!(rewrite::<Flattened>(json), json);
    assert_eq!(rewrite::<Either>(json), json);
    assert_eq!(rewrite::<Either>("9007199254740993"), "9007199254740993");
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let amount: Amount = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&amount).unwrap(), value);
    assert_eq!(Amount::deserialize(&value).unwrap(), amount);
    let reader = std::io::Cursor::new(r#"{"amount":1.10,"maybe":null}"#);
    let amount: Amount = serde_json::from_reader(reader).unwrap();
    assert_eq!((amount.amount.as_str(), amount.maybe), ("1.10", None));
}

#[test]
fn a_number_that_may_be_a_string_stays_what_it_was() {
    for json in ["7", r#""7""#, r#""007""#, "-2147483648"] {
        assert_eq!(rewrite::<NumberOrText<i32>>(json), json);
    }
    for json in ["1.5", r#""1.50""#, r#""1e3""#, r#""NaN""#] {
        assert_eq!(rewrite::<NumberOrText<f64>>(json), json);
    }
    assert_eq!(
        rewrite::<NumberOrText<u64>>("18446744073709551615"),
        "18446744073709551615"
    );
    assert_eq!(serde_json::from_str::<NumberOrText<f64>>("2").unwrap(), 2.0);
    assert_eq!(*NumberOrText::<i64>::from(5), 5);
    for json in [
        r#""many""#,
        r#""""#,
        "1.5",
        "2147483648",
        "true",
        "null",
        "[]",
    ] {
        assert!(
            serde_json::from_str::<NumberOrText<i32>>(json).is_err(),
            "{json}"
        );
    }
}

#[test]
fn numbers_in_strings_stay_strings() {
    for json in [r#""9007199254740993""#, r#""-5""#, r#""007""#] {
        assert_eq!(rewrite::<Text<i64>>(json), json);
    }
    assert_eq!(rewrite::<Text<i64>>("12"), r#""12""#);
    assert_eq!(rewrite::<Text<bool>>(r#""True""#), r#""True""#);
    assert_eq!(rewrite::<Text<bool>>("true"), r#""true""#);
    assert_eq!(rewrite::<Text<f64>>(r#""1.50""#), r#""1.50""#);
    assert_eq!(rewrite::<Text<Decimal>>(r#""1.50""#), r#""1.50""#);
    assert!(serde_json::from_str::<Text<i64>>(r#""many""#).is_err());
    let id = "9c858901-8a57-4791-81fe-4c455b099bc9";
    assert_eq!(
        *id.parse::<Text<uuid::Uuid>>().unwrap(),
        id.parse::<uuid::Uuid>().unwrap()
    );
}

#[test]
fn base64_reads_every_usual_spelling() {
    keeps::<Base64>(&["", "/+8=", "_-8", "_-8=", "/+8", "/+\r\n8=", "QQ=="]);
    refuses::<Base64>(&["a", "*", "AA=A", "é"]);
    let bytes: Base64 = "_-8".parse().unwrap();
    assert_eq!(bytes, vec![0xff, 0xef].into());
    assert_eq!(bytes.into_bytes().as_ref(), [0xff, 0xef]);
}

#[test]
fn a_secret_shows_only_to_the_server() {
    let secret: Secret = serde_json::from_str(r#""p\"w""#).unwrap();
    assert_eq!(secret.expose(), "p\"w");
    assert!(!format!("{secret:?}").contains("p\"w"));
    assert_eq!(serde_json::to_string(&secret).unwrap(), r#""p\"w""#);
}

proptest! {
    #[test]
    fn any_instant_round_trips(seconds in -62_135_596_800_i64..253_402_300_799, nanos in 0_u32..1_000_000_000, offset in -840_i32..=840) {
        let instant = Utc.timestamp_opt(seconds, nanos).unwrap();
        let zoned = instant.with_timezone(&FixedOffset::east_opt(offset * 60).unwrap());
        for value in [DateTime::from(instant), DateTime::from(zoned), DateTime::from(instant.naive_utc())] {
            let year = value.to_local().date().format("%Y").to_string();
            prop_assume!(year.len() == 4 && !year.starts_with('-'));
            let text = value.to_string();
            let read: DateTime = text.parse().unwrap();
            prop_assert_eq!(&read, &value);
            prop_assert_eq!(read.to_utc(), instant);
            prop_assert_eq!(read.has_offset(), value.has_offset());
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn date_times_agree_with_chrono(text in r"20[0-9]{2}-0[1-9]-[0-2][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]0[0-9]:[0-5][0-9])") {
        let ours = text.parse::<DateTime>().ok().map(|time| time.to_utc());
        let theirs = chrono::DateTime::parse_from_rfc3339(&text).ok().map(|time| time.to_utc());
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn what_is_read_is_written_back(text in r"[0-9TZP:.+ \-]{0,30}") {
        macro_rules! check {
            ($($type:ty)*) => {$(
                if let Ok(value) = text.parse::<$type>() {
                    prop_assert_eq!(value.to_string(), text.clone());
                    prop_assert_eq!(value.to_string().parse::<$type>(), Ok(value));
                }
            )*};
        }
        check!(DateTime Date Time TimeSpan Base64 Text<i64> Text<f64> Text<Decimal>);
        check!(NumberOrText<i32> NumberOrText<f64>);
    }

    #[test]
    fn no_text_makes_a_value_panic(text in any::<String>()) {
        let _ = text.parse::<DateTime>();
        let _ = text.parse::<Date>();
        let _ = text.parse::<Time>();
        let _ = text.parse::<TimeSpan>();
        let _ = text.parse::<Base64>();
        let _ = text.parse::<Text<bool>>();
        if let Ok(decimal) = text.parse::<Decimal>() {
            let _ = (decimal.to_f64(), decimal.to_i64());
        }
    }

    #[test]
    fn spans_round_trip_to_the_tick(ticks in any::<i64>()) {
        let nanos = i128::from(ticks) * 100;
        let length = chrono::Duration::new(nanos.div_euclid(1_000_000_000) as i64, nanos.rem_euclid(1_000_000_000) as u32).unwrap();
        for span in [TimeSpan::from(length), TimeSpan::iso(length)] {
            prop_assert_eq!(span.to_string().parse::<TimeSpan>().unwrap().to_duration(), length);
        }
    }

    #[test]
    fn decimals_agree_with_integers(a in any::<i64>(), b in any::<i64>(), scale in 0_usize..5) {
        let widen = |number: i64| format!("{number}.{}", "0".repeat(scale + 1)).parse::<Decimal>().unwrap();
        prop_assert_eq!(widen(a).cmp(&Decimal::from(b)), a.cmp(&b));
        prop_assert_eq!(widen(a).to_i64(), Some(a));
    }

    #[test]
    fn any_json_number_stays_as_it_is(json in r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?") {
        prop_assert_eq!(rewrite::<Decimal>(&json), json.clone());
        prop_assert_eq!(rewrite::<Vec<Option<Decimal>>>(&format!("[{json},null]")), format!("[{json},null]"));
    }

    #[test]
    fn any_bytes_round_trip(bytes: Vec<u8>) {
        let json = serde_json::to_string(&Base64::from(bytes.clone())).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Base64>(&json).unwrap()[..], &bytes[..]);
    }
}
