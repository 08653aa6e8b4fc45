//! How much each piece of evidence weighs: a small table made from labelled posts by `make.py`, and what follows from it.
//!
//! Every date of a text gets the sum of the weights of its evidence. The text is about one of its dates, or about none (whose
//! sum is 0); the sums say how likely each is: `exp(sum) / (1 + Σ exp(sum))`.

mod evidence;

pub use evidence::{EVIDENCE, Evidence};

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The weights in use.
static SCORES: OnceLock<Scores> = OnceLock::new();

#[derive(Debug)]
struct Scores {
    weights: Vec<f32>,
}

impl Scores {
    fn read(text: &str) -> Result<Self, String> {
        let table: BTreeMap<String, f32> = toml::from_str(text).map_err(|error| error.to_string())?;
        if let Some(unknown) = table.keys().find(|name| !EVIDENCE.iter().any(|(_, known)| known == name)) {
            return Err(format!("expected a piece of evidence, found `{unknown}`"));
        }
        if let Some((name, _)) = table.iter().find(|(_, weight)| !weight.is_finite()) {
            return Err(format!("expected a number for `{name}`"));
        }
        Ok(Self { weights: EVIDENCE.iter().map(|(_, name)| table.get(*name).copied().unwrap_or(0.0)).collect() })
    }
}

/// Uses this table instead of our own, for the rest of the program: how the table is tested on communities that it was not made from.
///
/// # Errors
/// If the text is no such table, or scores are in use already.
pub fn use_scores(text: &str) -> Result<(), String> {
    SCORES.set(Scores::read(text)?).map_err(|_| "scores are in use already".to_owned())
}

/// The sum of the weights of some evidence.
pub fn sum(evidence: &[Evidence]) -> f32 {
    let scores = SCORES.get_or_init(|| {
        Scores::read(include_str!("scores.toml")).unwrap_or_else(|_| Scores { weights: vec![0.0; EVIDENCE.len()] })
    });
    evidence.iter().filter_map(|piece| scores.weights.get(*piece as usize)).sum()
}

/// How likely each of some sums is the one, where it may be none.
pub fn likelihoods(sums: &[f32]) -> Vec<f32> {
    let most = sums.iter().copied().fold(0.0, f32::max);
    let none = (-most).exp();
    let parts: Vec<f32> = sums.iter().map(|sum| (sum - most).exp()).collect();
    let all = none + parts.iter().sum::<f32>();
    parts.into_iter().map(|part| part / all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_only_evidence_and_is_small_enough_to_read() {
        let text = include_str!("scores.toml");
        assert!(Scores::read(text).is_ok() && text.len() <= 64 * 1024);
        assert!(Scores::read("no-such-evidence = 1.0").is_err() && Scores::read("title = nan").is_err());
    }

    #[test]
    fn likelihoods_share_what_none_leaves() {
        assert_eq!(likelihoods(&[]), Vec::<f32>::new());
        assert!((likelihoods(&[0.0])[0] - 0.5).abs() < 1e-6);
        let three = likelihoods(&[80.0, 80.0, -80.0]);
        assert!((three[0] - 0.5).abs() < 1e-6 && three[2] < 1e-6);
    }
}
