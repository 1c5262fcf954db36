//! The checks of `doctor` of what the configuration file forbids.

use super::text::CheckResult;
use crate::bulk::{self, NeverInvite};
use crate::settings::Restrictions;
use crate::text::count;

/// Reports each restriction that is set, and reads the list of addresses that are never invited.
pub(super) fn checks(restrictions: &Restrictions) -> Vec<CheckResult> {
    let mut results = Vec::new();
    if let Some((kinds, origin)) = &restrictions.allow {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let names = if names.is_empty() {
            "nothing".to_owned()
        } else {
            names.join(", ")
        };
        results.push(CheckResult::passed("allow", format!("{names} ({origin})")));
    }
    for (name, limit, noun) in [
        ("max_invites", &restrictions.max_invites, "invitation"),
        ("max_changes", &restrictions.max_changes, "change"),
    ] {
        if let Some((limit, origin)) = limit {
            let found = format!("{} by one command ({origin})", count(*limit, noun));
            results.push(CheckResult::passed(name, found));
        }
    }
    if let Some((path, origin)) = &restrictions.never_invite {
        let shown = format!("`{}` ({origin})", path.display());
        let read = NeverInvite::read(path.clone(), origin.to_string());
        results.push(match read.and_then(|list| list.check()) {
            Ok(list) => {
                let (addresses, domains) = list.size();
                let (addresses, domains) = (count(addresses, "address"), count(domains, "domain"));
                let found = format!("{shown}: {addresses} and {domains}");
                CheckResult::passed("never_invite", found)
            }
            Err(error) => CheckResult::failed("never_invite", &bulk::Error::from(error).into()),
        });
    }
    results
}
