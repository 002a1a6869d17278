//! Which article fits a query best: rare stems say more than common ones, and one stem said often does not outweigh two.

use std::collections::BTreeMap;

use crate::store::KnowledgeHit;

/// An article and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its number.
    pub number: i64,
    /// Orders what was found; comparable within one query only.
    pub score: f64,
    /// How much of the query it covers, 0 to 1.
    pub coverage: f64,
}

/// How much each stem of a query says, the more the fewer articles have it: `1 + ln((articles + 1) / (with it + 1))`.
pub(super) fn weights(asked: &[String], hits: &[KnowledgeHit], articles: i64) -> BTreeMap<String, f64> {
    let total = (articles + 1) as f64;
    let weight = |term: &String| {
        let with = hits.iter().filter(|hit| hit.term == *term).count() + 1;
        (term.clone(), 1.0 + (total / with as f64).ln().max(0.0))
    };
    asked.iter().map(weight).collect()
}

/// The articles with a hit, best first; of equal ones the newer first.
pub(super) fn rank(weights: &BTreeMap<String, f64>, hits: &[KnowledgeHit]) -> Vec<Ranked> {
    let whole: f64 = weights.values().sum();
    let mut ranked: BTreeMap<i64, Ranked> = BTreeMap::new();
    for hit in hits {
        let Some(weight) = weights.get(&hit.term) else { continue };
        let often = hit.weight.max(0) as f64;
        let of = ranked.entry(hit.number).or_insert(Ranked { number: hit.number, score: 0.0, coverage: 0.0 });
        of.score += weight * often / (often + 1.0);
        of.coverage += weight / whole;
    }
    let mut ranked: Vec<Ranked> = ranked.into_values().collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.number.cmp(&a.number)));
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(number: i64, term: &str, weight: i64) -> KnowledgeHit {
        KnowledgeHit { number, term: term.to_owned(), weight }
    }

    fn order(asked: &[&str], hits: &[KnowledgeHit], articles: i64) -> Vec<i64> {
        let asked: Vec<String> = asked.iter().map(|&term| term.to_owned()).collect();
        rank(&weights(&asked, hits, articles), hits).iter().map(|r| r.number).collect()
    }

    #[test]
    fn two_stems_once_are_more_than_one_stem_often() {
        let hits = [hit(1, "a", 50), hit(2, "a", 1), hit(2, "b", 1), hit(3, "b", 40)];
        assert_eq!(order(&["a", "b"], &hits, 10)[0], 2);
    }

    #[test]
    fn a_title_comes_before_a_body_and_a_rare_stem_before_a_common_one() {
        assert_eq!(order(&["a"], &[hit(1, "a", 1), hit(2, "a", 3)], 9), [2, 1]);
        let hits = [hit(1, "rare", 1), hit(2, "common", 1), hit(3, "common", 1), hit(4, "common", 1)];
        assert_eq!(order(&["common", "rare"], &hits, 9), [1, 4, 3, 2]);
    }

    #[test]
    fn coverage_is_the_share_of_the_query() {
        let asked = ["a".to_owned(), "b".to_owned()];
        let hits = [hit(1, "a", 1), hit(1, "b", 1), hit(2, "a", 9)];
        let ranked = rank(&weights(&asked, &hits, 2), &hits);
        assert_eq!(ranked[0].number, 1);
        assert!((ranked[0].coverage - 1.0).abs() < 1e-9, "{ranked:?}");
        assert!(ranked[1].coverage < 0.5, "{ranked:?}");
    }
}
