"""Replaces the measured parts of README.md, so that no number in it is typed by hand."""
import pathlib
import re

README = pathlib.Path(__file__).resolve().parent / "README.md"


def replace(name, text):
    """Puts `text` between the comments <!-- name --> and <!-- /name -->."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = README.read_text()
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.S)
    page, count = pattern.subn(lambda _: f"{begin}\n{text.rstrip()}\n{end}", page)
    if count != 1:
        raise ValueError(f"{README}: {count} places for {begin}, expected one")
    README.write_text(page)
