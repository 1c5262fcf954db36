"""Files of made-up people, the same every time."""

FIRST = ["Ann", "Bo", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jane", "Kofi", "Lena", "Mary"]
LAST = ["Lee", "Svenson", "Rossi", "Ivanov", "Demir", "Haddad", "Hopper", "Martin", "Silva", "Smith", "Mensah"]


def people(directory, rows):
    """A file with `name` and `email`."""
    path = directory / f"people-{rows}.csv"
    if path.exists():
        return path
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write("name,email\n")
        for number in range(rows):
            first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
            email = f"{first}.{last}.{number:07}@example.com".lower()
            file.write(f"{first} {last},{email}\n")
    return draft.rename(path)
