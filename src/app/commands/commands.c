#include "app/commands/commands.h"

#include <limits.h>

#include "app/call/help.h"
#include "app/call/options.h"
#include "app/commands/compare.h"
#include "app/commands/explain.h"
#include "app/commands/lesson.h"
#include "app/commands/list.h"
#include "app/commands/net.h"
#include "app/commands/shape.h"
#include "app/commands/show.h"
#include "app/commands/view.h"
#include "app/commands/worksheet.h"
#include "app/complete/completion.h"

/* To add one: a row here, and its function in a file of its name. */
static const app_command commands[] = {
    {
        .name = "list",
        .arguments = "[stages|kernels|banks|paddings] [--json]",
        .summary = "all filters, kernels, banks and paddings",
        .manual =
            "Lists all stages, kernels, banks and paddings, or one of the four, with a line of "
            "explanation for each.\n"
            "filters means the same as stages.\n"
            "For paddings, a pattern shows what lies beyond the edges of the row abcd.",
        .where = APP_FOR_LIST,
        .most = 1,
        .values = {"stages kernels banks paddings"},
        .run = app_list,
    },
    {
        .name = "show",
        .arguments = "KERNEL|FILTER [-o PICTURE] [--json] [-v], or FILTER --as LIBRARY",
        .summary = "the numbers of a kernel, filter or bank; a filter as code",
        .manual =
            "Shows a kernel: its numbers, their sum (the gain for a flat image), the range of "
            "results for 8-bit images, and its column and row if it is separable; with -v also the "
            "cheapest way to compute it on a large 8-bit gray image (see CONVTOOL_PATH).\n"
            "KERNEL is a name, a file or the numbers, as for --kernel.\n"
            "Of a FILTER, with its arguments, or of a whole chain, it shows the kernels of each "
            "stage, as for gray images: gaussian:2, log:1.5, both of sobel. Of a stage that has "
            "none it says what it computes.\n"
            "The numbers of a wide kernel are rounded if all columns then have room; --json has "
            "all digits.\n"
            "On a terminal the cells are coloured: red where they are negative, blue where they "
            "are positive, white where they are 0 (--colormap coolwarm has it the other way "
            "round). -o PICTURE writes that as a picture.\n"
            "Of a bank, by its name or written bank:FILE, and with arguments as in "
            "gabor:scales=1, it shows the numbers of every filter; dog is a filter, and bank:dog "
            "the "
            "bank.\n"
            "If it starts with a minus sign, put -- before it.\n"
            "With --as it prints a filter or a whole chain as lines of Python for numpy, scipy, "
            "opencv or torch, or one filter as a command of ffmpeg, imagemagick or vips.\n"
            "They do to an image of 8 bits what convtool does: Python turns image into result, a "
            "command in.png into out.png. Arguments of the window are typed in the stage.\n"
            "Where the library can't do it, one line says why, and the exit status is 1.",
        .where = APP_FOR_SHOW,
        .least = 1,
        .most = 1,
        .values = {"SHOWN"},
        .run = app_show,
    },
    {
        .name = "explain",
        .arguments = "CHAIN [--at X,Y] [--steps] [--json] INPUT",
        .summary = "how one output pixel is computed",
        .manual =
            "Shows how one pixel of the output is computed, that of --at or the one in the middle: "
            "the window of input values, with the names of the image's rows and columns, the "
            "kernel, each product, the sum, rounding, and the final pixel.\n"
            "The window's centre, which lies on the output pixel, is in angle brackets; a value "
            "beyond the edge is in square brackets, and a line says where it was taken from.\n"
            "A kernel of whole numbers that are divided by another keeps its divisor: (1 2 1) / "
            "4.\n"
            "On a terminal the kernel's negative numbers are red and its positive ones blue, and "
            "lines are as wide as the terminal, from 60 columns; elsewhere they have 80, or what "
            "the variable COLUMNS says.\n"
            "Of a window that is too wide for a line only the first columns are shown, of one with "
            "more than 255 cells a side only the result.\n"
            "--steps moves the window by keys, --json gives the numbers to programs.\n"
            "The input values and the final pixel are the engine's own; the arithmetic shown is "
            "compared with the engine, and the last line says whether they agree.\n"
            "Of several window stages only the last is shown in full; -v shows all of them.\n"
            "Of a network alone, as in net:FILE:out=NAME, it shows how one value of a layer came "
            "about, at X,Y of --channel (0 unless given): the window, weights and sums of a "
            "convolution or pool, the factors of a matrix's products, the powers of a softmax, and "
            "functions of one number behind them. Of many inputs only those that add most are "
            "shown; -v shows all.\n"
            "shape shows what each stage makes of a whole image, --trace with its values.\n"
            "The options that change numbers are the same as for filtering.",
        .where = APP_FOR_EXPLAIN,
        .least = 2,
        .most = 2,
        .values = {"CHAIN", "IMAGE"},
        .run = app_explain,
    },
    {
        .name = "net",
        .arguments = "MODEL [INPUT... OUTPUT | NAME=FILE...] [-o NAME=FILE]...",
        .summary = "a trained network: what it is, what it makes of numbers",
        .manual =
            "Shows a network from an ONNX file: its inputs and outputs, and a line for each node: "
            "the operator and those that are fused with it, the first value that it makes, its "
            "shape, the parameters, the products of two numbers, how far a sample of it sees (its "
            "receptive field), and the jump to what its neighbour sees, as convtool shape has "
            "them; '-' where the operators on the way to it aren't local, or where thousands of "
            "them enlarge. --json has the same. "
            "Parameters are the weights of layers: their kernels, matrices and biases, and lists "
            "of numbers that are added, multiplied or looked up; not sizes, axes, scales and "
            "limits, nor a single number in arithmetic. They are counted as the network runs: "
            "batch normalisation that a convolution takes in adds none.\n"
            "With an INPUT and an OUTPUT it filters pictures, as the chain net:MODEL does; with "
            "--labels or --top and no OUTPUT it prints the best classes. MODEL may be such a "
            "stage, with its arguments: net:FILE:order=bgr.\n"
            "NAME=SHAPE, as in image=1x3x64x64, gives an input whose size may vary a size.\n"
            "NAME=FILE gives inputs their numbers, and the network runs: .npy files, tables and "
            "ONNX's own .pb as they are; a picture is scaled as where it is filtered, by the "
            "stage's range=, mean= and std= (its samples as they are: net:FILE:range=0..255), "
            "unless the input is of whole numbers.\n"
            "-o NAME=FILE writes an output, or any other value of the network, as .npy, .csv, "
            ".tsv, "
            ".pb or a table; without it all outputs are printed.",
        .where = APP_FOR_NET | APP_FOR_FILTER,
        .least = 1,
        .most = 64,
        .values = {"MODEL"},
        .run = app_net,
    },
    {
        .name = "shape",
        .arguments = "CHAIN WxHxC [--json]",
        .summary = "what each stage of a chain makes of an image",
        .manual =
            "Shows what a chain makes of an image of that width, height and number of channels (3 "
            "if it isn't given, and one more with +alpha behind it, as in 224x224x3+alpha), "
            "without an image: for each stage the shape of its output, its window, dilation, "
            "stride and padding, its parameters (weights of kernels, biases), the products of a "
            "weight and a sample, the receptive field of its output and the jump, and how it "
            "would be computed.\n"
            "A '+' marks what was inserted, such as gray before an edge filter, and the parts of "
            "the stage below.\n"
            "The receptive field is the part of the input that a sample may depend on, the jump "
            "how far apart those of two neighbours begin (Araujo et al., Distill 2019): a window "
            "adds (cells - 1) x dilation jumps to the field, and a stride multiplies the jump.\n"
            "Products are those of the definition; what the stage is computed by may need far "
            "fewer.\n"
            "The image has 8 bits a sample, or what --depth says.\n"
            "--trace shows the same while an image is filtered, with the values.",
        .where = APP_FOR_SHAPE,
        .least = 2,
        .most = 2,
        .values = {"CHAIN", "224x224x3 640x480x3 1920x1080x3"},
        .run = app_shape,
    },
    {
        .name = "compare",
        .arguments = "CHAIN... INPUT OUTPUT",
        .summary = "several chains on one image, side by side",
        .manual =
            "Writes one picture of an image and of what each chain makes of it, each below its "
            "chain.\n"
            "Values in braces stand for several chains: 'sobel:stride={1,2,4}' is three, and "
            "several braces multiply; quotes keep the shell from reading them.\n"
            "The results have 8 bits; alpha is laid on the sheet's gray. The options that change "
            "numbers apply to all chains, but not to the original.\n"
            "--diff adds the absolute difference of each result from the first, or of a single one "
            "from the original, and prints for each the PSNR in dB, SSIM (as scikit-image's "
            "structural_similarity computes it by default) and the largest difference of two "
            "samples; results of another size or with other channels have none.\n"
            "Image and results are held in memory.",
        .where = APP_FOR_COMPARE,
        .least = 3,
        .most = INT_MAX,
        .values = {"CHAIN", "IMAGE", "IMAGE"},
        .run = app_compare,
    },
    {
        .name = "view",
        .arguments = "[CHAIN] IMAGE...",
        .summary = "images in the terminal, or what a chain makes of them",
        .manual =
            "Shows images in the terminal, or what a chain makes of each, and writes nothing; see "
            "Pictures in the terminal in the man page.\n"
            "Several have their names and sizes above them. With --view=both each image is beside "
            "what the chain makes of it.\n"
            "An image of many channels is shown as the sheet of --maps, and of a stream the first "
            "image.\n"
            "With an OUTPUT, --view of any filter shows what is written.",
        .where = APP_FOR_VIEW,
        .most = INT_MAX,
        .values = {"IMAGE", "IMAGE", "IMAGE"},
        .run = app_view_images,
    },
    {
        .name = "lesson",
        .arguments = "[CHAIN] [IMAGE...] -o PAGE.html",
        .summary = "a page for a class, with your chain and pictures",
        .manual =
            "Writes a page for a browser, one file that works without a network: the filters "
            "themselves, with sliders, every number's arithmetic, a kernel editor, and networks "
            "that read a digit drawn by hand.\n"
            "It begins with the chain, and has the images, PNG or JPEG, beside its own.\n"
            "Options for all stages, such as --padding, don't go along: write them into the "
            "chain, as in sobel:padding=zero.\n"
            "make lesson builds the page that this command fills, make install installs it.",
        .where = APP_FOR_LESSON,
        .most = INT_MAX,
        .values = {"CHAIN", "IMAGE", "IMAGE"},
        .run = app_lesson,
    },
    {
        .name = "worksheet",
        .arguments = "CHAIN|KINDS [IMAGE] [-o SHEET.html] [--solution]",
        .summary = "exercises on paper, with solutions",
        .manual =
            "Makes a sheet of exercises to work out by hand, for a chain (conv:sharpen, sobel:x, "
            "box:3,maxpool:2) or of the kinds named, as in worksheet dense,lstm or worksheet all.\n"
            "The kinds: convolution, median, padding, pooling, sizes, which (kernel made a "
            "picture), receptive (field), dense (a fully connected layer), lstm (one step).\n"
            "Numbers are small, and all results are the engine's. They are drawn by --seed, or "
            "taken from the gray of an IMAGE around --at, stretched to 0 to 9.\n"
            "The sheet is a page of HTML to print on A4 paper, or by the name text (.txt); without "
            "-o it is text on standard output.\n"
            "A kernel must be of whole numbers, perhaps all over one divisor.",
        .where = APP_FOR_WORKSHEET,
        .least = 1,
        .most = 2,
        .values = {"CHAIN", "IMAGE"},
        .run = app_worksheet,
    },
    {
        .name = "completion",
        .arguments = "bash|zsh|fish",
        .summary = "completion code for a shell",
        .manual =
            "Prints code that lets the shell complete stages, arguments, values, options and files "
            "when you press TAB.\n"
            "make install puts it where the shells look for it.\n"
            "Without installing, put 'eval \"$(convtool completion bash)\"' into ~/.bashrc, "
            "'eval \"$(convtool completion zsh)\"' into ~/.zshrc after compinit, or "
            "'convtool completion fish | source' into ~/.config/fish/config.fish.",
        .least = 1,
        .most = INT_MAX, /* of which `words` takes many */
        .values = {"bash zsh fish"},
        .run = app_completion,
    },
    {
        .name = "help",
        .arguments = "[WORD]",
        .summary = "this help, or what a word means",
        .manual = "Prints the help, or explains a word: a command, a filter (its formula, "
                  "arguments and an example), a kernel, a padding, an option, an argument, a "
                  "value or a format.\n"
                  "help window explains the arguments of every convolution stage, help kernels how "
                  "to write a kernel, help templates the names of many outputs.",
        .most = 1,
        .values = {"TOPIC"},
        .run = app_help,
    },
    {
        .name = "version",
        .arguments = "",
        .summary = "version, formats, instruction set",
        .manual = "The same as --version.",
        .run = app_version,
    },
};

const app_commands app_all_commands = {commands, sizeof commands / sizeof *commands};
