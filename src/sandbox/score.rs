//! Made-up but reproducible scores, in the documented shape.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::seed::{Seed, uuid_v4_from_bits};

/// What a session is judged by.
#[derive(Debug)]
struct Category {
    id: &'static str,
    points: i64,
    criteria: [&'static str; 2],
    question: &'static str,
}

/// The default categories of the API; their points add up to 100.
const CATEGORIES: [Category; 5] = [
    Category {
        id: "deliverable_quality",
        points: 40,
        criteria: ["substance", "presentation"],
        question: "Which part of your deliverable would you change with one more hour?",
    },
    Category {
        id: "delegation",
        points: 10,
        criteria: ["choice_of_tasks", "scope"],
        question: "Which steps did you keep to yourself instead of handing them to the AI, and why?",
    },
    Category {
        id: "description",
        points: 20,
        criteria: ["context_given", "precision"],
        question: "How did you decide what the AI had to know before it could begin?",
    },
    Category {
        id: "discernment",
        points: 20,
        criteria: ["checking", "correction"],
        question: "Which answer of the AI did you not trust, and how did you find out?",
    },
    Category {
        id: "diligence",
        points: 10,
        criteria: ["sources", "disclosure"],
        question: "What would you tell a colleague about how this was made?",
    },
];

/// The rubric of every assessment.
pub(crate) static RUBRIC: LazyLock<Value> = LazyLock::new(|| {
    let categories: Vec<_> = CATEGORIES
        .iter()
        .map(|category| json!({ "id": category.id, "maxPoints": category.points }))
        .collect();
    json!({ "categories": categories })
});

/// Returns the score of a session as JSON; the same candidate always has the same result.
pub(crate) fn score(session_id: &str, seed: Seed, scored_at: Timestamp) -> Value {
    // In percent; each category deviates a little from it.
    let ability = seed.draw(10, 55, 96);
    let mut categories = Map::new();
    let mut total = 0;
    let mut weakest = (i64::MAX, &CATEGORIES[0]);
    for (stream, category) in (11..).zip(&CATEGORIES) {
        let percent = (ability + seed.draw(stream, -15, 16)).clamp(0, 100);
        let points = (category.points * percent + 50) / 100;
        total += points;
        if percent < weakest.0 {
            weakest = (percent, category);
        }
        categories.insert(category.id.to_owned(), category_json(category, points));
    }
    let Category { id, question, .. } = weakest.1;
    json!({
        "id": uuid_v4_from_bits(Seed::from_text(session_id).draw_u128(20)),
        "sessionId": session_id,
        "autoScores": { "categories": categories, "rawTotal": total, "finalTotal": total },
        "finalScore": total,
        "summaryText": format!("Scored by the sandbox: {total} of 100 points, weakest in {id}."),
        "feedbackText": format!("Thank you for your work. You can improve most in {id}."),
        "followUpQuestions": [{
            "categoryId": id,
            "question": question,
            "rationale": format!("{id} is the category with the lowest share of its points"),
            "lookFor": "a concrete example from this task",
        }],
        "percentileThisAssessment": percentile(total, 2),
        "percentileCategory": percentile(total, 1),
        "percentileGlobal": percentile(total, 0),
        "scoredAt": scored_at,
    })
}

/// Splits the points of a category between its criteria.
fn category_json(category: &Category, points: i64) -> Value {
    let [first, second] = category.criteria;
    let half = category.points / 2;
    let upper = (points + 1) / 2;
    json!({
        "score": points,
        "maxPoints": category.points,
        "subCriteria": {
            first: { "score": upper, "maxPoints": half },
            second: { "score": points - upper, "maxPoints": half },
        },
    })
}

/// Ranks a total among imaginary candidates, half of which have fewer than 74 points.
fn percentile(total: i64, shift: i64) -> i64 {
    (50 + (total - 74) * 2 + shift).clamp(1, 99)
}
