"""Creates files of invented people, the same ones every time."""

FIRST = ["Ann", "Bo", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jane", "Kofi", "Lena", "Mary"]
LAST = ["Lee", "Svenson", "Rossi", "Ivanov", "Demir", "Haddad", "Hopper", "Martin", "Silva", "Smith", "Mensah"]
TEAMS = ["design", "engineering", "sales", "support"]


def people(directory, rows):
    """Returns a file with the columns `name` and `email`."""
    return write(directory / f"people-{rows}.csv", "name,email", (f"{name},{email}" for name, email in made_up(rows)))


def teams(directory, rows):
    """Returns a file with the columns `name`, `email` and `team`."""
    lines = (f"{name},{email},{TEAMS[number % len(TEAMS)]}" for number, (name, email) in enumerate(made_up(rows)))
    return write(directory / f"teams-{rows}.csv", "name,email,team", lines)


def made_up(rows):
    for number in range(rows):
        first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
        yield f"{first} {last}", f"{first}.{last}.{number:07}@example.com".lower()


def write(path, header, lines):
    if path.exists():
        return path
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{header}\n")
        file.writelines(f"{line}\n" for line in lines)
    return draft.rename(path)
