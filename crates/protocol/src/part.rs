//! A batch in parts that each fit the wire.

use crate::batch::Batch;
use crate::codec;

/// Bytes of JSON of one part. Even text that does not compress stays under the limit of a body then.
pub const PART_BYTES: usize = codec::MAX_BYTES / 4 * 3;

impl Batch {
    /// The same change in parts of about `bytes` of JSON, to be sent in this order. What says how things must be in the end
    /// (summary, digests, replaced rules) comes with the last. The caller numbers them.
    #[must_use]
    pub fn parts(mut self, bytes: usize) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut part =
            Self { at: self.at.clone(), epoch: self.epoch.clone(), protocol: self.protocol, ..Self::empty() };
        let fresh = part.clone();
        let mut size = 0usize;
        let mut keeps = Vec::new();
        let mut close = |part: &mut Self, size: &mut usize| {
            *size = 0;
            parts.push(std::mem::replace(part, fresh.clone()));
        };
        for removal in std::mem::take(&mut self.removes) {
            let cost = removal.rule.len().saturating_add(removal.fingerprint.len()).saturating_add(32);
            if size > 0 && size.saturating_add(cost) > bytes {
                close(&mut part, &mut size);
            }
            size = size.saturating_add(cost);
            part.removes.push(removal);
        }
        for record in std::mem::take(&mut self.upserts) {
            let cost = serde_json::to_vec(&record).map_or(0, |text| text.len()).saturating_add(1);
            if size > 0 && size.saturating_add(cost) > bytes {
                keeps.extend(replaced(&part, &self.replaces));
                close(&mut part, &mut size);
            }
            size = size.saturating_add(cost);
            part.upserts.push(record);
        }
        let last = Self { upserts: part.upserts, removes: part.removes, keeps, ..self };
        parts.push(last);
        parts
    }
}

/// Fingerprints of those rules in a part.
fn replaced(part: &Batch, rules: &[String]) -> Vec<String> {
    let of_rules = part.upserts.iter().filter(|record| rules.iter().any(|rule| *rule == record.finding.rule));
    of_rules.map(|record| record.fingerprint().to_owned()).collect()
}
