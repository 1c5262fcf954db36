//! `--help`: every command has a summary and an example.

use crate::support::Project;

/// The commands that `--help` lists.
pub(crate) fn commands() -> Vec<String> {
    let help = Project::new().run(&["--help"]).succeeds().stdout;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_command_has_a_summary_and_an_example() {
    let commands = commands();
    for known in ["run", "send", "docs", "new", "completions"] {
        assert!(commands.iter().any(|name| name == known), "{commands:?}");
    }
    for command in &commands {
        let ran = Project::new().run(&[command, "--help"]).succeeds();
        let example = ran
            .stdout
            .lines()
            .skip_while(|line| !line.starts_with("Example"));
        let call = format!("  gradient-bulk {command}");
        assert!(
            example.skip(1).any(|line| line.starts_with(&call)),
            "no example\n{ran}"
        );
        let first = ran.stdout.lines().next().unwrap();
        assert!(first.contains(' ') && !first.ends_with('.'), "{ran}");
    }
}

#[test]
fn the_overview_mentions_the_reference_and_a_first_script() {
    Project::new()
        .run(&["--help"])
        .succeeds()
        .shows("gradient-bulk docs ")
        .shows("gradient-bulk new ");
}
