//! Words and operators of other languages, and what to write instead.

pub(super) const NOTHING: &str =
    "the empty value is `()`: compare with `x == ()`, or write `x ?? 5` for a default";
pub(super) const LOOP: &str = "write a loop over a list as `for item in list { … }`";
pub(super) const BLOCK: &str = "put blocks in braces: `if x { … } else { … }`";
pub(super) const MAP: &str = "a map starts with `#`: `#{ name: \"Jane\" }`";
const FUNCTION: &str = "a function starts with `fn`: `fn deadline(row) { … }`";
pub(super) const CLOSURE: &str = "write an anonymous function as `|x| x + 1`";
pub(super) const DESTRUCTURING: &str =
    "take the parts one by one: `let a = list[0]; let b = list[1];`, or of a map, `let a = map.a;`";
pub(super) const PAIRS: &str = "take the parts in the loop: `for pair in list { … pair[0] … }`, or of a map, `for entry in map.entries() { … entry.key … entry.value … }`";
pub(super) const PART: &str = "a part of a list is `list.extract(0..2)`, and a part of a text `text.sub_string(0..2)`: from the first position to before the second";
pub(super) const TEMPLATE: &str =
    "to insert values, put the text between backticks: `` `Dear ${name}` ``";
const SWITCH: &str = "write `switch x { 1 => a, 2 => b, _ => c }`";
const IMPORT: &str =
    "write `import \"lib/rules\" as rules;`, and call its functions as `rules::name(…)`";
const CATCH: &str = "write `try { … } catch (problem) { … }`";
const VARIABLE: &str = "declare a variable with `let`";
const SHOW: &str = "write `print(x)`";
pub(super) const PATTERN: &str = "write `text.matches(regex(\"…\"))`";
const TIME: &str = "write `today()`, `now()` or `datetime(\"2030-02-01\")`";
pub(super) const CONDITIONAL: &str = "`if` has a value: write `if x { a } else { b }`";

/// Keywords of other languages.
pub(super) const KEYWORDS: [(&str, &str); 48] = [
    ("and", "write `&&` instead of `and`"),
    ("async", "remove `async`: every call waits for its result"),
    ("await", "remove `await`: every call waits for its result"),
    ("begin", CATCH),
    ("bool", VARIABLE),
    ("case", SWITCH),
    (
        "class",
        "there are no classes: use a map such as `#{ name: \"Jane\" }`",
    ),
    ("def", FUNCTION),
    ("del", "write `map.remove(\"key\")`"),
    ("delete", "write `map.remove(\"key\")`"),
    ("do", LOOP),
    ("echo", SHOW),
    ("elif", "write `else if`"),
    ("elseif", "write `else if`"),
    ("elsif", "write `else if`"),
    ("end", BLOCK),
    ("except", CATCH),
    (
        "finally",
        "there is no `finally`: put the code after the `catch` block",
    ),
    ("float", VARIABLE),
    ("foreach", LOOP),
    ("from", IMPORT),
    ("func", FUNCTION),
    ("function", FUNCTION),
    ("int", VARIABLE),
    ("is", "write `==` instead of `is`"),
    ("lambda", CLOSURE),
    ("match", SWITCH),
    ("new", "there is no `new`: call a function such as `now()`"),
    ("nil", NOTHING),
    ("not", "write `!x` instead of `not x`"),
    ("null", NOTHING),
    ("of", LOOP),
    ("or", "write `||` instead of `or`"),
    ("pass", "an empty block is `{ }`"),
    ("print", SHOW),
    ("puts", SHOW),
    ("raise", "write `throw \"…\"`"),
    ("rescue", CATCH),
    ("str", VARIABLE),
    ("string", VARIABLE),
    ("then", BLOCK),
    (
        "try",
        "`try` has no value: declare a variable before it, `let n = 0; try { n = … } catch { n = 1; }`",
    ),
    ("typeof", "write `type_of(x)`"),
    ("unless", "write `if !(…) { … }`"),
    ("until", "write `while !(…) { … }`"),
    ("var", VARIABLE),
    ("when", SWITCH),
    (
        "yield",
        "return all values in a list, or take a closure and call it with `.call(x)`",
    ),
];

/// Operators of other languages.
pub(super) const OPERATORS: [(&str, &str); 12] = [
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("<>", "write `!=`"),
    ("++", "write `n += 1`"),
    ("--", "write `n -= 1`"),
    ("=>", CLOSURE),
    ("->", CLOSURE),
    (":=", "write `let x = …`"),
    ("<-", "write `let x = …`"),
    ("=~", PATTERN),
    (
        "...",
        "join lists with `+`: `[1, 2] + others`, and maps too: `#{ a: 1 } + others`",
    ),
    ("#", "a comment starts with `//`"),
];

/// Functions of other languages.
pub(super) const FUNCTIONS: [(&[&str], &str); 59] = [
    (&["IF", "IIF", "iif", "ifelse"], CONDITIONAL),
    (
        &["LEFT", "MID", "RIGHT", "slice", "substr", "substring"],
        PART,
    ),
    (
        &["VLOOKUP", "XLOOKUP", "HLOOKUP", "LOOKUP"],
        "write `let by_email = rows.index_by(\"email\");`, and then `by_email.get(email)`",
    ),
    (
        &["COUNTIF", "COUNTIFS"],
        "write `rows.count_by(\"team\")`, or `rows.filter(|row| …).len()`",
    ),
    (
        &["CONCAT", "CONCATENATE"],
        "join texts with `+`, or put values into a text between backticks: `` `${a} ${b}` ``",
    ),
    (&["LEN"], "write `x.len()`"),
    (
        &["TRIM", "chomp", "lstrip", "rstrip", "trimEnd", "trimStart"],
        "write `text.trimmed()`",
    ),
    (
        &["PROPER", "capitalize", "title", "titleize"],
        "write `title_case(text)`",
    ),
    (&["TODAY", "Date", "date"], TIME),
    (&["NOW"], "write `now()`"),
    (
        &["SUBSTITUTE", "gsub"],
        "write `text.replaced(\"a\", \"b\")`",
    ),
    (&["format", "printf", "sprintf"], TEMPLATE),
    (
        &[
            "timedelta",
            "relativedelta",
            "addDays",
            "add_days",
            "setDate",
            "DATEADD",
        ],
        "write `time.plus_days(5)`, `time.plus_hours(5)` or `time.plus_months(1)`",
    ),
    (
        &["strptime"],
        "write `datetime(text, #{ format: \"%d.%m.%Y\" })`",
    ),
    (
        &["strftime", "toISOString", "toLocaleDateString"],
        "write `time.format(\"%d.%m.%Y\")`",
    ),
    (
        &["JSON", "json", "dumps", "stringify"],
        "write `map.to_json()` or `parse_json(text)`",
    ),
    (
        &["Math", "math"],
        "write `x.rounded(2)`, `x.floor()`, `x.abs()` or `max(a, b)`",
    ),
    (
        &["Object", "dict"],
        "write `map.keys()`, `map.values()` or `map.entries()`",
    ),
    (&["require", "include", "import_module"], IMPORT),
    (&["every"], "write `list.all(|x| …)`"),
    (&["select", "where"], "write `list.filter(|x| …)`"),
    (&["reject"], "write `list.filter(|x| !(…))`"),
    (&["collect"], "write `list.map(|x| …)`"),
    (
        &["inject", "foldl"],
        "write `list.reduce(|sum, x| sum + x, 0)`",
    ),
    (&["concat"], "write `list + others`, or `text + other`"),
    (
        &[
            "has",
            "has_key",
            "hasKey",
            "hasOwnProperty",
            "containsKey",
            "contains_key",
        ],
        "write `\"key\" in map`",
    ),
    (
        &["input", "prompt"],
        "write `arg(\"name\", \"what it is\")` at the top, and pass it to the script",
    ),
    (
        &["open", "readFile", "readFileSync"],
        "write `read_lines(path)`, `read_csv(path)` or `read_json(path)`",
    ),
    (&["raise"], "write `throw \"…\"`"),
    (&["add", "append", "push_back"], "write `list.push(entry)`"),
    (&["push_front", "unshift"], "write `list.insert(0, entry)`"),
    (&["console", "echo", "log", "println", "puts"], SHOW),
    (
        &["captures_iter", "findall", "finditer", "matchAll"],
        "write `text.captures_all(regex(\"…\"))`",
    ),
    (
        &["center", "ljust", "padEnd", "padStart", "rjust", "zfill"],
        "write `text.padded(width, \"right\")`, and so on with `\"left\"` and `\"center\"`",
    ),
    (&["enumerate"], "write `for (item, index) in list { … }`"),
    (&["flat", "flatMap"], "write `list.flatten()`"),
    (&["groupBy", "groupby"], "write `list.group_by(\"key\")`"),
    (&["items"], "write `map.entries()`"),
    (&["keyBy"], "write `list.index_by(\"key\")`"),
    (&["match", "search", "test"], PATTERN),
    (&["repeat"], "write `text.repeated(times)`"),
    (
        &["replaceAll", "sub"],
        "write `text.replaced(\"a\", \"b\")`, or with a pattern `text.replaced(regex(\"…\"), \"b\")`",
    ),
    (&["splitlines"], "write `text.lines()`"),
    (&["strip"], "write `text.trimmed()`"),
    (&["toFixed"], "write `format_number(x, #{ digits: 2 })`"),
    (&["toReversed"], "write `list.reversed()`"),
    (&["toSorted"], "write `list.sorted()`"),
    (&["uniq"], "write `list.unique()`"),
    (&["endsWith", "endswith"], "write `text.ends_with(\"…\")`"),
    (&["float", "parseFloat"], "write `parse_float(text)`"),
    (&["each", "each_with_index", "forEach"], LOOP),
    (&["length", "size", "count"], "write `x.len()`"),
    (&["includes"], "write `list.contains(x)`, or `x in list`"),
    (&["int", "Number", "parseInt"], "write `parse_int(text)`"),
    (&["isinstance", "typeof"], "write `type_of(x)`"),
    (&["lower", "toLowerCase"], "write `text.to_lower()`"),
    (&["str", "String", "toString"], "write `x.to_string()`"),
    (
        &["startsWith", "startswith"],
        "write `text.starts_with(\"…\")`",
    ),
    (&["upper", "toUpperCase"], "write `text.to_upper()`"),
];
