//! The scores of sessions: overall, by category, and the ranking.

use std::collections::BTreeMap;

use super::chart::{Chart, LabelPosition};
use super::format::{Share, count, decimal, label};
use super::histogram::{quantile, score_bins};
use super::session::{Score, Session};

const MAX_RANKED: usize = 10;

#[derive(Clone, Debug)]
pub(super) struct Scores {
    pub(super) count: u32,
    pub(super) median: String,
    pub(super) highest: String,
    pub(super) lowest: String,
    pub(super) chart: Chart,
    pub(super) categories: Vec<CategoryMean>,
    pub(super) best: Vec<Ranked>,
}

/// The average points in a category.
#[derive(Clone, Debug)]
pub(super) struct CategoryMean {
    pub(super) name: String,
    pub(super) points: String,
    /// The maximum, or else the best result of a candidate.
    pub(super) most: String,
    pub(super) length: String,
    /// The share of the maximum, if that is known.
    pub(super) share: Option<Share>,
}

/// A candidate in the ranking; equal points share a rank.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) rank: usize,
    pub(super) name: String,
    pub(super) points: String,
    pub(super) percentile: Option<String>,
    pub(super) length: String,
}

impl Scores {
    /// Summarizes the scores; `None` if no session has one.
    pub(super) fn of(sessions: &[Session]) -> Option<Self> {
        let mut scored: Vec<(&Session, &Score)> = sessions
            .iter()
            .filter_map(|session| session.score.as_ref().map(|score| (session, score)))
            .filter(|(_, score)| score.total.is_finite())
            .collect();
        scored.sort_by(|(_, one), (_, other)| other.total.total_cmp(&one.total));
        let totals: Vec<f64> = scored.iter().rev().map(|(_, score)| score.total).collect();
        let highest = totals.last()?;
        Some(Self {
            count: count(totals.len()),
            median: decimal(quantile(&totals, 5)?),
            highest: decimal(*highest),
            lowest: decimal(*totals.first()?),
            chart: Chart::of(&score_bins(&totals), "candidate", LabelPosition::AtEdges),
            categories: category_means(&scored),
            best: ranking(&scored, highest.max(maximum(&scored))),
        })
    }
}

/// Returns the most points that a session can have, which differs between assessments; 0 if no session says so.
fn maximum(scored: &[(&Session, &Score)]) -> f64 {
    let of_session = |(_, score): &(&Session, &Score)| {
        let most: Option<f64> = score.categories.iter().map(|category| category.most).sum();
        most.unwrap_or(0.0)
    };
    scored.iter().map(of_session).fold(0.0, f64::max)
}

fn ranking(scored: &[(&Session, &Score)], most: f64) -> Vec<Ranked> {
    let rank = |score: &Score| {
        let better = scored
            .iter()
            .take_while(|(_, other)| other.total > score.total);
        better.count() + 1
    };
    let best = scored
        .iter()
        .take(MAX_RANKED)
        .map(|(session, score)| Ranked {
            rank: rank(score),
            name: session.display_name().to_owned(),
            points: decimal(score.total),
            percentile: score.percentile.map(decimal),
            length: Share::ratio(score.total, most).length(),
        });
    best.collect()
}

/// Returns the categories, the highest maximum first.
fn category_means(scored: &[(&Session, &Score)]) -> Vec<CategoryMean> {
    #[derive(Default)]
    struct Sum {
        score: f64,
        most: f64,
        best: f64,
        number: u32,
    }
    let mut sums = BTreeMap::<&str, Sum>::new();
    for category in scored.iter().flat_map(|(_, score)| &score.categories) {
        let sum = sums.entry(&category.name).or_default();
        sum.score += category.score;
        sum.best = sum.best.max(category.score);
        sum.most = sum.most.max(category.most.unwrap_or(0.0));
        sum.number += 1;
    }
    let mut sums: Vec<(&str, Sum)> = sums.into_iter().collect();
    sums.sort_by(|(_, one), (_, other)| other.most.total_cmp(&one.most));
    let mean = |(name, sum): (&str, Sum)| {
        let mean = sum.score / f64::from(sum.number);
        let known = sum.most > 0.0;
        let (most, word) = if known {
            (sum.most, "of")
        } else {
            (sum.best, "best")
        };
        let share = Share::ratio(mean, most);
        CategoryMean {
            name: label(name),
            points: format!("{mean:.1}"),
            most: format!("{word} {}", decimal(most)),
            length: share.length(),
            share: known.then_some(share),
        }
    };
    sums.into_iter().map(mean).collect()
}
