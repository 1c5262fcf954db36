//! `import`: which scripts it finds, and which it must not reach.

use crate::support::Project;

#[test]
fn scripts_are_imported_from_the_directory_of_the_importing_script() {
    Project::new()
        .file("scripts/main.rhai", "import \"lib/names\" as names;\nprint(names::greet(\"Jane\"));")
        .file("scripts/lib/names.rhai", "import \"deeper/marks\" as marks;\nfn greet(name) { `Hello ${name}` + marks::end() }\n")
        .file("scripts/lib/deeper/marks.rhai", "fn end() { \"!\" }")
        .run(&["run", "scripts/main.rhai"])
        .succeeds()
        .prints("Hello Jane!\n");
}

#[test]
fn an_imported_script_also_imports_from_the_directory_of_the_main_script() {
    Project::new()
        .file(
            "lib/a.rhai",
            "import \"lib/b\" as b;\nfn two() { b::one() + 1 }",
        )
        .file("lib/b.rhai", "fn one() { 1 }")
        .rhai(&[], "import \"lib/a\" as a;\nprint(a::two());")
        .succeeds()
        .prints("2\n");
}

#[test]
fn a_closure_can_use_imported_functions_and_constants() {
    Project::new()
        .file("rules.rhai", "export const TEAM = \"design\";\nfn request(email) { #{ email: email, name: \"From A Module\" } }")
        .rehearse(
            r#"
            import "rules" as rules;
            let outcome = invite_all(["jane@example.com"], |email| rules::request(email));
            print(outcome.results().to_array()[0].name + " " + rules::TEAM);
            "#,
        )
        .succeeds()
        .prints("From A Module design\n");
}

#[test]
fn imports_never_leave_the_directory() {
    let project = Project::new()
        .file("secret.rhai", "fn secret() { 1 }")
        .file("inside/lib.rhai", "import \"../../secret\" as s;");
    let absolute = project.path().join("secret.rhai");
    for path in [
        "../secret",
        "lib/../../secret",
        &absolute.display().to_string(),
    ] {
        let script = format!("import \"{path}\" as lib;\n");
        std::fs::write(project.path().join("inside/main.rhai"), script).unwrap();
        project
            .run(&["run", "inside/main.rhai"])
            .exits(1)
            .says(&format!(
                "error: `{path}` is outside the directory of the script"
            ))
            .says("--> inside/main.rhai:1:");
    }
    std::fs::write(
        project.path().join("inside/main.rhai"),
        "import \"lib\" as lib;",
    )
    .unwrap();
    project
        .run(&["run", "inside/main.rhai"])
        .exits(1)
        .says("is outside the directory of the script")
        .says("inside/lib.rhai:1:");
}

#[cfg(unix)]
#[test]
fn a_symlink_does_not_leave_the_directory_either() {
    let project = Project::new()
        .file("secret.rhai", "fn secret() { 1 }")
        .file("inside/main.rhai", "import \"link\" as lib;");
    std::os::unix::fs::symlink("../secret.rhai", project.path().join("inside/link.rhai")).unwrap();
    project
        .run(&["run", "inside/main.rhai"])
        .exits(1)
        .says("error: `link` is outside the directory of the script");
}

#[test]
fn an_import_cycle_is_an_error() {
    Project::new()
        .file("a.rhai", "import \"b\" as b;")
        .file("b.rhai", "import \"a\" as a;")
        .rhai(&[], "import \"a\" as a;")
        .exits(1)
        .says("`a` imports itself")
        .says("b.rhai:1:");
}

#[test]
fn a_missing_import_names_the_file() {
    Project::new()
        .rhai(&[], "import \"lib/nowhere\" as lib;")
        .exits(1)
        .says("cannot import `lib/nowhere`")
        .says("lib/nowhere.rhai`");
}
