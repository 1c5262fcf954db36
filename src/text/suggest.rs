//! "Did you mean": the known name nearest to an unknown one.

/// Returns the candidate nearest to `name`, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            let other = candidate.to_lowercase();
            let similarity = strsim::jaro_winkler(&lower, &other);
            let distance = strsim::osa_distance(&lower, &other);
            let letters = lower.chars().count();
            // In a short word, one edit weighs too much in the ratio.
            let close = distance <= 1 + letters / 5;
            let similarity = if close {
                similarity.max(0.86)
            } else {
                similarity
            };
            let others = other.chars().count();
            // Short words resemble any other short word, so only a missing letter is allowed in them.
            let allowed = match letters {
                0 | 1 => 0,
                2 | 3 => usize::from(others > letters),
                _ => letters.max(others) / 3,
            };
            let extends = letters > 2 && other.starts_with(&lower);
            let is_near = distance <= allowed || extends;
            (if is_near { similarity } else { 0.0 }, candidate)
        })
        .filter(|(similarity, _)| *similarity > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Asks "did you mean", if a candidate is near enough.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(|likely| format!("did you mean `{likely}`?"))
}

/// Asks "did you mean", or lists all candidates if none is near enough.
pub(crate) fn did_you_mean_or_list(name: &str, known: &[&str]) -> String {
    did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("known: `{}`", known.join("`, `")))
}
