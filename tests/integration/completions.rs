//! `completions`: the scripts for shells.

use crate::support::Project;

#[test]
fn every_shell_gets_commands_options_and_shipped_scripts() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = Project::new().run(&["completions", shell]).succeeds();
        for word in ["gradient-bulk", "sandbox", "dry-run", "completions"] {
            assert!(ran.stdout.contains(word), "{shell}: no `{word}`");
        }
    }
    for shell in ["bash", "zsh", "fish"] {
        let ran = Project::new().run(&["completions", shell]).succeeds();
        ran.shows("invite_deadlines");
    }
    Project::new()
        .run(&["completions", "tcsh"])
        .exits(2)
        .says("invalid value 'tcsh'")
        .says("bash");
}

/// Every command that the loop over the words finds has a branch in the `case` below it.
#[test]
fn bash_completes_every_command_that_it_detects() {
    let script = Project::new()
        .run(&["completions", "bash"])
        .succeeds()
        .stdout;
    let found: Vec<&str> = script
        .lines()
        .filter_map(|line| line.trim().strip_prefix("cmd=\"")?.strip_suffix('"'))
        .filter(|name| !name.is_empty())
        .collect();
    assert!(found.len() > 5, "{found:?}");
    for name in found {
        let label = format!("{name})");
        assert!(script.lines().any(|line| line.trim() == label), "{name}");
    }
}

#[cfg(unix)]
#[test]
#[ignore = "needs bash"]
fn bash_completes_commands_scripts_and_options() {
    let project = Project::new();
    let script = project.run(&["completions", "bash"]).succeeds().stdout;
    let project = project.file("completions.bash", script);
    for (typed, expected) in [
        ("gradient-bulk ru", "run runs"),
        (
            "gradient-bulk run inv",
            "invite_cohorts invite_csv invite_deadlines invite_list invite_new",
        ),
        ("gradient-bulk run --dr", "--dry-run"),
        ("gradient-bulk run peo", ""),
        ("gradient-bulk new x --from mon", "monitor"),
        ("gradient-bulk docs invite_", "invite_all"),
        ("gradient-bulk docs DateTime.plus_d", "DateTime.plus_days"),
    ] {
        let words: Vec<&str> = typed.split(' ').collect();
        let last = words.len() - 1;
        let (word, before) = (words[last], words[last - 1]);
        let line = format!(
            "source completions.bash; COMP_WORDS=({typed}); COMP_CWORD={last}; \
             $(complete -p gradient-bulk | sed 's/.*-F \\([^ ]*\\).*/\\1/') gradient-bulk {word} {before}; echo \"${{COMPREPLY[@]}}\""
        );
        let mut command = project.command("bash");
        let output = command.args(["-c", &line]).output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        let mut offered: Vec<&str> = shown.split_whitespace().collect();
        offered.sort_unstable();
        assert_eq!(offered.join(" "), expected, "`{typed}`: {problems}");
    }
}
