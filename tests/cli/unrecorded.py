"""Files without the record that says what made them, so that images made in two ways can be
compared.

As a program it is cmp for the cases: unrecorded.py [-s] A B, where one may be -."""
import sys

MARK, SEAL = b"convtool ", 10  # " #1a2b3c4d"


def find(data):
    """Where the record begins, where its text begins, and where that ends; None if there's none.
    The text is between the mark and the file's fingerprint."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[37:41] in (b"tEXt", b"iTXt"):
        start, end = 33, 33 + 12 + int.from_bytes(data[33:37], "big")
        text = data.find(MARK, start, end)
        behind = end - 4
    elif data[:4] == b"\xff\xd8\xff\xe0" and data[20:22] == b"\xff\xfe":
        start = 20
        text, end = 24, 22 + int.from_bytes(data[22:24], "big")
        behind = end
    elif data[:1] == b"P" and data[2:5] == b"\n# ":
        start, text = 3, 5
        behind = data.index(b"\n", text)
        end = behind + 1
    else:
        return None
    if text < 0 or data[text:text + len(MARK)] != MARK:
        return None
    return start, text + len(MARK), behind - SEAL, end


def record(data):
    """The record's text; None if there's none."""
    found = find(data)
    return data[found[1]:found[2]].decode() if found else None


def without_record(data):
    found = find(data)
    return data[:found[0]] + data[found[3]:] if found else data


def main():
    quiet = sys.argv[1] == "-s"
    first, second = sys.argv[1 + quiet:]
    files = []
    for name in (first, second):
        if name == "-":
            files.append(sys.stdin.buffer.read())
        else:
            with open(name, "rb") as file:
                files.append(file.read())
    same = without_record(files[0]) == without_record(files[1])
    if not same and not quiet:
        print(first, second, "differ")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
