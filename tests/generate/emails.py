"""Writes tests/data/emails.csv: addresses, and whether they match the regular expression of the HTML standard.

    python3 tests/generate/emails.py

The expression comes from <https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address>. What gradient-bulk accepts is
written here by hand: the address that is sent, or nothing if it is rejected, and the reason if that differs from the standard.
"""

import csv
import re
from pathlib import Path

HTML = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
AS_IN_HTML = [
    "jane@example.com", "Jane.Smith@Example.COM", "j@x.co", "jane+jobs@example.com", "jane_smith-x@example.com", "o'neil@example.com", "'jane@example.com",
    "!#$%&'*+/=?^_`{|}~-@example.com", ".jane@example.com", "jane.@example.com", "jane..smith@example.com",
    "jane@sub.domain.example.com", "jane@ex-ample.com", "jane@123.example", "jane@xn--bcher-kva.example", "user%host@relay.example",
    "a" * 64 + "@example.com", "jane@" + "a" * 63 + ".example",
    "", "@", "jane", "jane@", "@example.com", "jane@@example.com", "jane@a@example.com", "jane smith@example.com", "jane@exa mple.com",
    "jane@-example.com", "jane@example-.com", "jane@example..com", "jane@.example.com", "jane@example.com.", "jane@exam_ple.com",
    "jane@example.com,", "jane@example.com;john@example.com", "<jane@example.com>", "Jane <jane@example.com>", '"jane doe"@example.com',
    "jane(work)@example.com", "jane@[127.0.0.1]", "jane@example.com/x", "jane\\@example.com", "jane:x@example.com", "mailto:jane@example.com",
    "jane@" + "a" * 64 + ".example", "jané@example.com", "jane@example.com\u00a0x", "jane@exa\u200bmple.com x", "j\u200bane@example.com",
    "j\u0430ne@example.com",
]
DIFFERENT = [
    ("'+jane@example.com", "+jane@example.com", "the apostrophe that keeps a spreadsheet from running the cell is dropped"),
    ("1@2.3", "", "no domain ends in one letter or in a number"),
    ("jane@10.0.0.1", "", "no domain ends in a number"),
    ("jane@localhost", "", "no candidate has a host without a dot"),
    ("jane@example", "", "no candidate has a host without a dot"),
    ("jane@" + ".".join(["a" * 60] * 4) + ".example", "", "longer than 254 characters (RFC 5321)"),
    (" jane@example.com ", "jane@example.com", "white space around it; browsers strip it before matching"),
    ("\ufeffjane@example.com\u200b", "jane@example.com", "zero-width characters around it, which spreadsheets leave behind"),
    ("jane@bücher.example", "jane@xn--bcher-kva.example", "internationalized domain"),
    ("jane@BÜCHER.example", "jane@xn--bcher-kva.example", "internationalized domain"),
    ("jane@bu\u0308cher.example", "jane@xn--bcher-kva.example", "internationalized domain, decomposed"),
    ("jane@faß.example", "jane@xn--fa-hia.example", "internationalized domain, non-transitional (UTS 46)"),
    ("jane@例え.テスト", "jane@xn--r8jz45g.xn--zckzah", "internationalized domain"),
    ("jane@例え。テスト", "jane@xn--r8jz45g.xn--zckzah", "internationalized domain, ideographic full stop"),
    ("jane@пример.испытание", "jane@xn--e1afmkfd.xn--80akhbyknj4f", "internationalized domain"),
    ("jane@ex\u00adample.com", "", "a soft hyphen inside, which UTS 46 ignores, but a reader does not see"),
    ("jane@exa\u200bmple.com", "", "a zero-width space inside, which UTS 46 ignores, but a reader does not see"),
    ("jane@ex\u0430mple.com", "", "a Cyrillic letter among Latin ones"),
    ("jane@xn--exmple-4nf.com", "", "a Cyrillic letter among Latin ones, in Punycode"),
    ("jane@\u03bfutlook.com", "", "a Greek letter among Latin ones"),
    ("jane@\u65e5\u672c\u30c6\u30ec\u30d3tv.jp", "jane@xn--tv-jj4a3b2gn156ao4b.jp", "Japanese and Latin letters are written together"),
    ("jane@\ud55c\uad6d\u97d3.kr", "jane@xn--3v5a983bii2a.kr", "Korean in two scripts"),
    ("jane@\u0430\u0440\u0440\u04cf\u0435.com", "jane@xn--80ak6aa92e.com", "one script, although it looks like another"),
    ("jane@xn--a.com", "", "not Punycode"),
    ("jane\uff20example.com", "", "a full-width sign"),
    ("jane@bücher", "", "no candidate has a host without a dot"),
    ("jane@bü cher.example", "", "a space in an internationalized domain"),
    ("jane@-bücher.example", "", "a hyphen at the start of a label"),
    ("jane@bü_cher.example", "", "an underscore in an internationalized domain"),
]


def main():
    agreeing = [(address, address if HTML.fullmatch(address) else "", "") for address in AS_IN_HTML]
    rows = [("address", "html", "sent", "why")]
    for address, sent, why in agreeing + DIFFERENT:
        rows.append((address, "true" if HTML.fullmatch(address) else "false", sent, why))
    path = Path(__file__).parent.parent / "data" / "emails.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
