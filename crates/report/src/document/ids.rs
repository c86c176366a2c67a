//! The vocabulary's enums on the wire: each as its stable id, and nothing else is accepted back.

macro_rules! by_id {
    ($module:ident, $type:ty, $parse:expr, $what:literal) => {
        pub(crate) mod $module {
            use serde::de::{Deserialize, Deserializer, Error};
            use serde::ser::Serializer;

            pub(crate) fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(value.id())
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = String::deserialize(deserializer)?;
                let parse: fn(&str) -> Option<$type> = $parse;
                parse(&text).ok_or_else(|| D::Error::custom(format!("unknown {} `{text}`", $what)))
            }
        }
    };
}

by_id!(control, rampart_model::Control, rampart_model::Control::from_id, "control");
by_id!(severity, rampart_model::Severity, |text| text.parse().ok(), "severity");
by_id!(
    verdict,
    rampart_model::Verdict,
    |text| {
        use rampart_model::Verdict;
        [Verdict::Pass, Verdict::Fail, Verdict::Unknown].into_iter().find(|verdict| verdict.id() == text)
    },
    "verdict"
);
by_id!(
    layer,
    rampart_model::Layer,
    |text| rampart_model::Layer::ALL.into_iter().find(|layer| layer.id() == text),
    "layer"
);
by_id!(
    phase,
    rampart_model::Phase,
    |text| rampart_model::Phase::ALL.into_iter().find(|phase| phase.id() == text),
    "phase"
);
