"""worksheet: what is asked is blank, and the solutions are NumPy's and SciPy's."""
import base64
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
from PIL import Image
from scipy import ndimage

import support
from support import check, equal, ok

SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
KINDS = ["convolution", "median", "padding", "pooling", "sizes", "which", "receptive", "dense",
         "lstm"]


class Page(HTMLParser):
    """A page's exercises: (title, grids, blanks in texts); grids are (caption, rows), pictures
    (caption, array)."""

    def __init__(self, text):
        super().__init__()
        self.pages, self.text, self.caption = [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "main":
            self.pages.append([])
        elif tag == "section":
            self.pages[-1].append(["", [], []])
        elif tag == "figure":
            self.caption = ""
        elif tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag == "img":
            data = base64.b64decode(given["src"].split(",", 1)[1])
            picture = np.array(Image.open(io.BytesIO(data)))
            self.pages[-1][-1][1].append((self.caption, picture))
        if tag in ("h2", "figcaption", "td", "u"):
            self.text = ""

    def handle_endtag(self, tag):
        text = self.text.replace("−", "-")
        if tag == "h2":
            self.pages[-1][-1][0] = text.lstrip("0123456789 ")
        elif tag == "figcaption":
            self.caption = text
        elif tag == "td":
            self.rows[-1].append(text)
        elif tag == "u":
            self.pages[-1][-1][2].append(text)
        elif tag == "table":
            self.pages[-1][-1][1].append((self.caption, self.rows))

    def handle_data(self, data):
        self.text += data


def sheet(*arguments):
    """The exercises of the page and of its solutions."""
    ok("worksheet", *arguments, "--solution", "-o", "sheet.html")
    pages = Page(support.read("sheet.html").decode()).pages
    equal(len(pages), 2, "pages")
    return pages


def numbers(rows):
    return np.array([[float(cell) for cell in row] for row in rows])


def test_convolution_is_scipys():
    beyond = padded = 0
    for seed, (chain, mode) in enumerate([
            ("conv:sharpen", "mirror"), ("sobel:x", "mirror"), ("conv:gaussian3", "mirror"),
            ("box:3:padding=wrap", "wrap"), ("sobel:y:padding=replicate", "nearest"),
            ("laplacian:padding=symmetric", "reflect"), ("conv:1 2 3 4", "mirror"),
            ("conv:emboss:padding=zero", "constant"), ("box:5x3", "mirror")] * 3):
        asked, solved = sheet(chain, "--kind", "convolution", "--seed", str(seed), "--size", "6x5")
        (_, grids, blanks), = solved
        (_, image), (_, window), (kernel_name, kernel), (_, products) = grids
        image, kernel = numbers(image), numbers(kernel)
        equal(image.shape, (5, 6))
        check(image.min() >= 0 and image.max() <= 9, str(image))
        divisor = float((re.findall(r"/ (\d+)", kernel_name) or [1])[0])
        page = support.read("sheet.html").decode()
        x, y = map(int, re.search(r"column (\d+), row (\d+) of", page).groups())
        anchors = [(k - 1) // 2 - k // 2 for k in kernel.shape]  # SciPy's centre is k // 2
        result = ndimage.correlate(image, kernel / divisor, mode=mode, origin=anchors)[y, x]
        np.testing.assert_allclose(float(blanks[-1]), result, atol=0.0051)
        np.testing.assert_array_equal(numbers(window) * kernel, numbers(products))
        np.testing.assert_allclose(numbers(products).sum() / divisor, result)
        (_, hidden, empty), = asked
        equal([set(empty), {c for row in hidden[1][1] + hidden[3][1] for c in row}], [{""}, {""}])
        equal(numbers(hidden[0][1]).tolist(), image.tolist(), "the question's image")
        beyond += "its cells beyond the edge" in page
        named = re.search(r"with what padding=(\w+) \(\S+\) puts", page)
        check(not named or named[1] == (re.findall("padding=(.*)", chain) or ["mirror"])[0], chain)
        padded += bool(named)
    check(0 < beyond < 27, "at some edge, but not always: %d" % beyond)
    equal(padded, beyond, "where cells are beyond the edge, the padding has a name")


def test_gradients_ask_for_both_sums():
    """A gradient of two kernels is both their sums, and what is made of them."""
    kernels = {"sobel": SOBEL_X, "scharr": [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]],
               "prewitt": [[-1, 0, 1]] * 3}
    turn = 255 / (2 * np.pi)
    makes = {"": lambda x, y: [x * x + y * y, np.hypot(x, y)],
             ":l1": lambda x, y: [abs(x) + abs(y)],
             ":angle": lambda x, y: [np.arctan2(y, x) % (2 * np.pi) * turn]}
    for seed, (name, out) in enumerate((n, o) for n in kernels for o in makes):
        asked, solved = sheet(name + out, "--kind", "convolution", "--seed", str(seed))
        (title, grids, blanks), = solved
        equal(title, "Convolution by hand: a gradient")
        (_, image), (_, window), (x_name, x), (_, x_made), (y_name, y), (_, y_made) = grids
        equal([x_name, y_name], ["kernel x", "kernel y"])
        equal([numbers(x).tolist(), numbers(y).T.tolist()], [kernels[name]] * 2)
        page = support.read("sheet.html").decode()
        place = re.search("does %s%s make at column (\\d+), row (\\d+) of" % (name, out), page)
        column, row = map(int, place.groups())
        gx, gy = [ndimage.correlate(numbers(image), numbers(k), mode="mirror")[row, column]
                  for k in (x, y)]
        check(gx != 0 and gy != 0, "there's a root to take: %s, %s" % (gx, gy))
        np.testing.assert_array_equal(numbers(window) * numbers(x), numbers(x_made))
        np.testing.assert_array_equal(numbers(window) * numbers(y), numbers(y_made))
        answers = [float(blank.replace("−", "-")) for blank in blanks]
        np.testing.assert_allclose(answers, [gx, gy] + makes[out](gx, gy), atol=0.0051)
        (_, hidden, empty), = asked
        equal({cell for i in (1, 3, 5) for row in hidden[i][1] for cell in row} | set(empty), {""})


def test_a_gradient_of_flat_colour_is_asked_for_too():
    """No place has sums other than 0."""
    Image.fromarray(np.full((5, 5), 7, np.uint8)).save("flat.png")
    (_, _, blanks), = sheet("sobel", "flat.png", "--kind", "convolution", "--size", "4")[1]
    equal(blanks, ["0"] * 4)


def test_place_and_size_are_chosen():
    (_, grids, blanks), = sheet("conv:sharpen", "--kind", "convolution", "--at", "3,2", "--size",
                                "4x3")[1]
    image = numbers(grids[0][1])
    kernel = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    equal(float(blanks[0]), ndimage.correlate(image, kernel, mode="mirror")[2, 3])


def test_median_is_scipys():
    for seed, (size, mode) in enumerate([("3", "mirror"), ("5x3", "mirror"), ("3x5", "nearest"),
                                         ("3", "constant")] * 2):
        named = {"mirror": "mirror", "nearest": "replicate", "constant": "zero"}[mode]
        asked, solved = sheet("median:%s:padding=%s" % (size, named), "--kind", "median", "--seed",
                              str(seed), "--size", "7x6")
        (_, grids, blanks), = solved
        (_, image), (_, window), (_, in_order) = grids
        text = re.search(r"column (\d+), row (\d+) of", support.read("sheet.html").decode())
        x, y = map(int, text.groups())
        sides = [int(side) for side in (size if "x" in size else size + "x" + size).split("x")]
        result = ndimage.median_filter(numbers(image), size=sides[::-1], mode=mode)
        equal(float(blanks[0]), result[y, x])
        equal(sorted(numbers(window).ravel()), list(numbers(in_order)[0]))
        equal({cell for _, rows in asked[0][1][1:] for row in rows for cell in row}, {""})


def test_a_negative_answer_has_a_minus_sign():
    for seed in range(20):
        ok("worksheet", "sobel:x", "--kind", "convolution", "--seed", str(seed), "--solution", "-o",
           "sheet.html")
        page = support.read("sheet.html").decode()
        answer = re.findall("<u>([^<]+)</u>", page)[0]
        check("-" not in answer, answer)
        if "−" in answer:
            return
    check(False, "no answer was negative")


def test_padding_is_numpys():
    for mode, name in [("mirror", "reflect"), ("symmetric", "symmetric"), ("replicate", "edge"),
                       ("wrap", "wrap"), ("zero", "constant")]:
        asked, solved = sheet("box:3:padding=" + mode, "--kind", "padding")
        padded = numbers(solved[0][1][0][1])
        np.testing.assert_array_equal(padded, np.pad(padded[2:-2, 2:-2], 2, mode=name))
        rows = asked[0][1][0][1]
        equal(sum(cell == "" for row in rows for cell in row), 81 - 25, mode)
        check("padding=%s (" % mode in support.read("sheet.html").decode(), mode)


def test_padding_with_a_constant_is_numpys():
    asked, solved = sheet("box:3:padding=constant=7", "--kind", "padding")
    padded = numbers(solved[0][1][0][1])
    np.testing.assert_array_equal(padded, np.pad(padded[2:-2, 2:-2], 2, constant_values=7))
    page = support.read("sheet.html").decode()
    check("with padding=constant=7 (7 everywhere)." in page, page)


def test_padding_uneven_has_a_name():
    ok("worksheet", "box:3:padding=uneven", "--kind", "padding", "-o", "sheet.html", "-f")
    page = support.read("sheet.html").decode()
    check("with padding=uneven (cb|abcd|dc)." in page, page)


def test_padding_keep_is_left_out():
    """There's no sum where the window reaches beyond the edge, and nothing to fill in."""
    for seed in range(10):
        solved = sheet("box:3:padding=keep", "--seed", str(seed))[1]
        check("Padding" not in [title for title, _, _ in solved], seed)
        (_, _), (_, window), (_, kernel), (_, products) = solved[0][1]
        np.testing.assert_array_equal(numbers(window) * numbers(kernel), numbers(products))
        np.testing.assert_allclose(float(solved[0][2][1]), numbers(products).mean(), atol=0.0051)
        check("into its cells beyond" not in support.read("sheet.html").decode(), seed)


def test_stride_and_dilation_are_told():
    for chain, said in [
            ("sobel:x:stride=2", ["moves 2 to the right and 2 down at a time (the stride)."]),
            ("box:3:dilation=2x1", ["cells lie 2 columns and 1 rows apart (the dilation)."]),
            ("box:3:stride=1x2:dilation=3", ["moves 1 to the right and 2 down", "3 columns and 3"]),
            ("box:3", [])]:
        ok("worksheet", chain, "--kind", "convolution", "-o", "sheet.html", "-f")
        page = support.read("sheet.html").decode()
        equal(["(the stride)" in page, "(the dilation)" in page],
              ["stride" in chain, "dilation" in chain], chain)
        check(all(part in page for part in said), chain)


def test_pooling_is_numpys():
    for chain, name in [("maxpool:2", "max"), ("avgpool:2", "mean"), ("minpool:2", "min")]:
        asked, solved = sheet(chain, "--kind", "pooling", "--size", "6x4")
        (_, image), (_, result) = solved[0][1]
        parts = numbers(image).reshape(2, 2, 3, 2)
        np.testing.assert_allclose(numbers(result), getattr(parts, name)((1, 3)), atol=0.0051)
        equal({cell for row in asked[0][1][1][1] for cell in row}, {""})


def test_sizes_and_receptive_fields():
    for seed in range(25):
        rows = sheet("box", "--kind", "sizes", "--seed", str(seed))[1][0][1][0][1]
        equal(len({(row[0], row[1]) for row in rows}), 5, "rows that are alike: %s" % rows)
        equal(rows[0], ["in", "window", "padding", "stride", "out"])
        drawn = [(int(row[2]), int(row[3])) for row in rows[1:]]
        check((0, 1) not in drawn, "neither padding nor stride: %s" % rows)
        check(sum(p == 0 for p, _ in drawn) <= 2 and sum(s == 1 for _, s in drawn) <= 2, str(rows))
        for size, window, padding, stride, out in rows[1:]:
            k = int(window.split("×")[0])
            equal(int(out), (int(size) + 2 * int(padding) - k) // int(stride) + 1, str(rows))
    rows = sheet("box:3,maxpool:2,box:5,avgpool:3:stride=2,sobel", "--kind", "receptive", "--size",
                 "16x16")[1][0][1][0][1]
    field, jump = 1, 1
    for _, window, stride, said_field, said_jump in rows[1:]:
        field += (int(window) - 1) * jump
        jump *= int(stride)
        equal([int(said_field), int(said_jump)], [field, jump], str(rows))
    equal(len(rows), 6)
    rows = sheet("box:3:stride=2,box:5:dilation=2", "--kind", "receptive", "--size", "16x16")
    equal(rows[1][0][1][0][1], [["stage", "window", "dilation", "stride", "field", "jump"],
                                ["box:3:stride=2", "3", "1", "2", "3", "2"],
                                ["box:5:dilation=2", "5", "2", "1", "19", "2"]])


def test_further_receptive_fields_are_of_other_chains():
    for seed in range(5):
        tables = [grids[0][1] for _, grids, _ in
                  sheet("receptive", "--count", "3", "--seed", str(seed))[1]]
        equal(len({str(rows) for rows in tables}), 3, str(tables))
        equal([row[0] for row in tables[0][1:]], ["conv:sharpen", "maxpool:2"], "the chain's own")
        for rows in tables[1:]:
            field, jump = 1, 1
            for _, window, stride, said_field, said_jump in rows[1:]:
                field += (int(window) - 1) * jump
                jump *= int(stride)
                equal([int(said_field), int(said_jump)], [field, jump], str(rows))


def test_the_picture_was_made_by_that_kernel():
    answers, own = set(), []
    for seed, chain in enumerate(["sobel:x", "conv:sharpen", "sobel:y", "conv:gaussian3",
                                  "laplacian", "conv:emboss", "box:5"] * 2 + ["sobel:x"] * 8):
        asked, solved = sheet(chain, "--kind", "which", "--seed", str(seed))
        (_, grids, blanks), = solved
        before, after = (picture.astype(float) for _, picture in grids[:2])
        found = []
        for caption, kernel in grids[2:]:
            weights = numbers(kernel) / float((re.findall(r"/ (\d+)", caption) or [1])[0])
            made = ndimage.correlate(before, weights, mode="mirror")
            made = 128 + made / 2 if abs(weights.sum()) < 1e-9 else made
            if np.abs(np.clip(made, 0, 255) - after).max() <= 1:
                found.append(caption[0])
        equal(found, blanks[:1], chain)
        equal(len(grids), 6)
        equal(asked[0][2], ["", ""])
        answers.add(blanks[0])
        if chain == "sobel:x":
            own.append(dict((name[0], numbers(kernel).tolist())
                            for name, kernel in grids[2:])[blanks[0]] == SOBEL_X)
    check(len(answers) > 2, "always the same letter: %r" % answers)
    check(True in own and False in own, "the title names the answer: %r" % own)


def test_a_fully_connected_layer():
    for seed in range(60):
        asked, solved = sheet("dense", "--seed", str(seed))
        grids = [numbers(rows) for _, rows in solved[0][1]]
        weights, x, bias, sums, out = grids
        check(out.max() > 0, "seed %d: ReLU leaves nothing" % seed)
        np.testing.assert_allclose(sums, weights @ x + bias)
        np.testing.assert_allclose(out, np.maximum(sums, 0))
        equal({cell for _, rows in asked[0][1][3:] for row in rows for cell in row}, {""})
        signs = re.findall("class=sign>(.)", support.read("sheet.html").decode())
        equal(signs, list("×+=→×+=→"), "the signs of questions and solutions")


def test_a_step_of_an_lstm():
    """As from the printed tables: every number is rounded before the next is made of it."""
    def rounded(number, decimals):
        times = number * 10 ** decimals
        check(abs(abs(times) % 1 - 0.5) > 1e-6, "%r can be rounded up or down" % number)
        return round(times) / 10 ** decimals
    for seed in range(60):
        solved = sheet("lstm", "--seed", str(seed))[1]
        (_, grids, blanks), = solved
        equal(grids[0][1][0], ["", "w of x", "u of h", "bias b", "sum s", "value"])
        gates = np.array([[float(cell) for cell in row[1:]] for row in grids[0][1][1:]])
        text = support.read("sheet.html").decode()
        x, h, c = map(float, re.search(r"x = (\d).* h = (\d) and state c = (\d)", text).groups())
        np.testing.assert_allclose(gates[:, 3], gates[:, :3] @ [x, h, 1])
        s, sigmoid, tanh = numbers([row[1:] for row in grids[1][1]])
        np.testing.assert_allclose(sigmoid, 1 / (1 + np.exp(-s)), atol=0.005)
        np.testing.assert_allclose(tanh, np.tanh(s), atol=0.005)
        long = numbers([row[1:] for row in grids[2][1][1:]]).ravel()
        np.testing.assert_allclose(long, np.tanh(np.arange(30) / 10), atol=0.005)
        places = (gates[:, 3] + 3).astype(int)
        i, f, g, o = sigmoid[places] * [1, 1, 0, 1] + tanh[places] * [0, 0, 1, 0]
        equal(gates[:, 4].tolist(), [i, f, g, o], "seed %d" % seed)
        after = rounded(f * c + i * g, 2)
        short = rounded(after, 1)
        squashed = np.copysign(long[round(abs(short) * 10)], short)
        equal([float(b) for b in blanks], [after, short, squashed, rounded(o * squashed, 2)],
              "seed %d" % seed)


def test_kinds_that_go_with_the_chain():
    def titles(*arguments):
        return [title.split()[0] for title, _, _ in sheet(*arguments)[0]]
    equal(titles("sobel,maxpool:2"), ["Convolution", "Padding", "Pooling", "Stride,", "Which",
                                      "Receptive"])
    equal(titles("maxpool:2"), ["Pooling", "Stride,"])
    equal(titles("box:7"), ["Convolution", "Padding", "Stride,"])
    equal(titles("box:3", "-p", "valid"), ["Convolution", "Stride,", "Which"])
    equal(len(titles("all")), len(KINDS))
    equal(titles("lstm,dense", "--count", "2"), ["One", "One", "A", "A"])


def test_the_seed_decides():
    equal(ok("worksheet", "all", "--seed", "5"), ok("worksheet", "all", "--seed", "5"))
    other = ok("worksheet", "all", "--seed", "6")
    check(ok("worksheet", "all", "--seed", "5") != other, "the same")
    first = re.findall(r"[0-9]+", ok("worksheet", "dense", "--count", "2").decode())
    check(first[:8] != first[8:16], "both exercises have the same numbers")


def test_numbers_of_an_image():
    values = np.array(support.noise(20 * 10, 7)).reshape(10, 20)
    support.write("class.pgm", support.pgm(20, 10, values.ravel().tolist()))
    for at, (x, y) in [("9,4", (9, 4)), ("0,0", (2, 2)), ("19,9", (17, 7)), (None, (9, 4))]:
        given = ["--at", at] if at else []
        solved = sheet("conv:sharpen", "class.pgm", "--kind", "convolution,which", *given)[1]
        part = values[y - 2:y + 3, x - 2:x + 3].astype(float)
        expected = np.rint((part - part.min()) * 9 / (part.max() - part.min()))
        image = numbers(solved[0][1][0][1])
        check(np.abs(image - expected).max() <= 1 and (image == expected).mean() > 0.9, at)
        check("column 2, row 2 of" in support.read("sheet.html").decode(), at)
        np.testing.assert_array_equal(solved[1][1][0][1], values)


def test_text():
    text = ok("worksheet", "all", "--solution").decode()
    question, _, solution = text.partition("\f")
    check(question.startswith("convtool worksheet: all\n\nName: ____"), text[:80])
    check(solution.startswith("Solutions: all\n"), solution[:80])
    equal([page.count("\n%d. " % i) for page in (question, solution) for i in range(1, 10)],
          [1] * 18)
    check("__" in question and "[__]" not in solution, "solved")
    check(max(map(len, text.splitlines())) <= 80, "over 80 columns")
    ok("worksheet", "all", "--solution", "-o", "sheet.txt")
    equal(support.read("sheet.txt").decode(), text)
    check("\f" not in ok("worksheet", "dense").decode(), "solutions weren't asked for")


def pages_of(*arguments):
    """How many sheets of A4 Chromium prints."""
    ok("worksheet", *arguments, "-o", "print.html", "-f")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                    "--print-to-pdf=print.pdf", "print.html"], check=True, capture_output=True,
                   timeout=120)
    return len(re.findall(rb"/Type\s*/Page\b", support.read("print.pdf")))


def test_solutions_take_less_paper():
    """Nobody writes on them."""
    if not shutil.which("chromium"):
        print("skipped: test_solutions_take_less_paper needs chromium")
        return
    asked = pages_of("all", "--count", "2", "--seed", "7")
    both = pages_of("all", "--count", "2", "--seed", "7", "--solution")
    check(1 <= both - asked <= asked * 2 / 3, "%d pages, %d with solutions" % (asked, both))


def test_files_of_others_are_kept():
    ok("worksheet", "dense", "-o", "mine.html")
    ok("worksheet", "lstm", "-o", "mine.html")
    support.write("other.html", b"<p>not ours</p>")
    done = support.run("worksheet", "dense", "-o", "other.html")
    equal(done.stderr, b"convtool: worksheet: other.html: already exists, and convtool didn't "
                       b"write it; -f replaces it\n")
    equal([done.returncode, support.read("other.html")], [2, b"<p>not ours</p>"])
    ok("worksheet", "dense", "-o", "other.html", "-f")


def test_what_is_wrong_is_said():
    for arguments, said in [
            (["gaussian:1"], "gaussian:1: its kernel isn't of whole numbers"),
            (["gray"], "gray: there's nothing to work out by hand"),
            (["sobel", "--kind", "convolutoin"], "unknown kind 'convolutoin'; did you mean"),
            (["dense", "--kind", "lstm"], "both name kinds"),
            (["sobel", "-o", "x.pdf"], "x.pdf: expected a name that ends in .html or .txt"),
            (["sobel", "--at", "5,0"], "--at 5,0 lies outside the output, which is 5x5"),
            (["box:3:padding=keep", "--at", "0,4"], "padding=keep makes no sum at 0,4 of 5x5"),
            (["box:3:padding=keep", "--kind", "padding"], "puts nothing beyond the edge"),
            (["box:7", "--kind", "which"], "which: a kernel of 7x7 cells is too much"),
            (["box:9"], "a window of 9x9 cells is too much for paper"),
            (["net:x.onnx"], "a network has too many numbers"),
            (["median:9", "--kind", "median"], "a window of 9x9 cells is too much for paper"),
            (["gray", "--kind", "which"], "no stage of the chain has a kernel"),
            (["sobl"], "unknown filter 'sobl'")]:
        done = support.run("worksheet", *arguments)
        equal([done.returncode, done.stdout], [2, b""], repr(arguments))
        check(said in done.stderr.decode(), done.stderr)
        equal(done.stderr.count(b"\n"), 1, done.stderr)
    done = support.run("worksheet", "sobel", "none.png")
    equal([done.returncode, done.stdout], [1, b""])
    done = support.run("worksheet", "sobel", "--size", "2x9")
    check(b"--size: expected N or WxH, each from 3 to 16" in done.stderr, done.stderr)


def test_pupils_are_told():
    """What the brackets of a text mean, what a pattern of padding means, what pooling leaves."""
    text = support.ok("worksheet", "padding,pooling,convolution", "--seed", "3").decode()
    check("In the grids: ( ) window, < > centre of the window, [ ] beyond the edge.\n" in text,
          text)
    check("In the grids" not in support.ok("worksheet", "sizes").decode(), "no grid is marked")
    check("Between the bars stands a row" in " ".join(text.split()), text)
    left = "What is left over on the right and below is in no window."
    check(left in " ".join(text.split()), text)
    even = support.ok("worksheet", "maxpool:2", "--size", "6x6").decode()
    check("left over" not in even and "Pooling" in even, even)
    wide = " ".join(support.ok("worksheet", "maxpool:2", "--size", "5x6").decode().split())
    check("What is left over on the right is in no window." in wide, wide)


def test_unknown_kinds():
    for word, said in [("foo", "unknown filter or kind 'foo'; kinds are all, convolution, "),
                       ("dens", "unknown filter or kind 'dens'; did you mean 'dense'?"),
                       ("sobell", "unknown filter 'sobell'; did you mean 'sobel'?")]:
        done = support.run("worksheet", word)
        equal(done.returncode, 2)
        check(done.stderr.decode().startswith("convtool: worksheet: " + said), done.stderr)
    help_text = " ".join(support.ok("worksheet", "--help").decode().split())
    for kind in ["convolution", "median", "padding", "pooling", "sizes", "which", "receptive",
                 "dense", "lstm"]:
        check(kind in help_text.split("The kinds: ")[1].split(".")[0], kind)


def test_how_one_can_tell():
    """The reason is that of the kernel with the solution's letter, by its numbers."""
    seen = set()
    for seed in range(40):
        page = support.ok("worksheet", "which", "--seed", str(seed), "--solution").decode()
        lines = page.split("\f")[1].splitlines()
        head = next(i for i, line in enumerate(lines) if re.match(r"\s+A\b.*\bB\b.*\bC\b", line))
        starts = [lines[head].index(letter) for letter in "ABCD"] + [None]
        letter, reason = re.search(r"Kernel: _(\w)_ How can you tell\? _([^_]*)_",
                                   " ".join("\n".join(lines[head:]).split())).groups()
        at = "ABCD".index(letter)
        rows = [line[starts[at]:starts[at + 1]].split() for line in lines[head + 1:]]
        rows = [[float(n) for n in row] for row in rows[:rows.index([])] if row]
        kernel = np.array([row for row in rows if len(row) == len(rows[0])])
        total, used = kernel.sum(), (kernel != 0).sum()
        expected = ("as before" if used == 1 else "blurred" if (kernel >= 0).all()
                    else "stand out" if total and (kernel == kernel[::-1, ::-1]).all()
                    else "lit from one side" if total
                    else "up and down" if (kernel == -kernel[:, ::-1]).all()
                    else "run across" if (kernel == -kernel[::-1]).all() else "all directions")
        check(expected in reason, "%d %s: %s\n%s" % (seed, letter, reason, kernel))
        seen.add(expected)
    equal(len(seen), 7)
