/* Options: what is computed, and as what numbers and maps. */
#include "app/call/option_families.h"
#include "app/call/setters.h"

#define AT(field) offsetof(app_call, field)

const app_option app_image_options[] = {
    /* ---- Kernel and border ---- */
    {
        .letter = 'k',
        .name = "kernel",
        .argument = "SPEC",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .values = "KERNEL",
        .help = "the kernel of 'conv': a name, a file or numbers",
        .manual =
            "The kernel of the stage 'conv': a name from the catalogue, a file, or the numbers "
            "themselves, with ';' between rows, as in '0 -1 0; -1 5 -1; 0 -1 0'.\n"
            "A number may be a fraction: 1/9.",
        .kind = APP_TEXT,
        .offset = AT(defaults.kernel),
    },
    {
        .letter = 'p',
        .name = "padding",
        .argument = "MODE[:N]",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .values = "PADDING",
        .help = "what lies beyond the edge (default: mirror)",
        .manual =
            "What lies beyond the edge of the image: mirror (the default), symmetric, replicate, "
            "wrap, zero, constant=V or valid.\n"
            "MODE:N or MODE:WxH adds that many samples on each side instead of keeping the size.\n"
            "This is the default for every convolution stage of the chain.",
        .kind = APP_TEXT,
        .offset = AT(defaults.padding),
    },
    {
        .letter = 's',
        .name = "stride",
        .argument = "N",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "take every N-th sample; N or WxH (default: 1)",
        .manual = "The step of the window across the image, N or WxH; the default is 1.",
        .kind = APP_TEXT,
        .offset = AT(defaults.stride),
    },
    {
        .letter = 'd',
        .name = "dilation",
        .argument = "N",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "spread the kernel's cells by N (default: 1)",
        .manual = "The distance between the samples under neighbouring kernel cells, N or WxH; the "
                  "default is 1.",
        .kind = APP_TEXT,
        .offset = AT(defaults.dilation),
    },
    {
        .name = "anchor",
        .argument = "X,Y",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "the kernel cell that lies on the output pixel",
        .manual = "The kernel cell that lies on the output pixel, counted from 0 at the top left.\n"
                  "The default is (size-1)/2, rounded down.",
        .kind = APP_TEXT,
        .offset = AT(defaults.anchor),
    },
    {
        .name = "flip",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "true convolution: rotate kernels by 180 degrees",
        .manual =
            "True convolution: the kernel is rotated by 180 degrees first.\n"
            "Without this option convtool computes correlation, as OpenCV and the neural network "
            "frameworks do.",
        .kind = APP_FLAG,
        .offset = AT(defaults.flip),
    },

    /* ---- Added to the chain ---- */
    {
        .name = "pool",
        .argument = "KIND:SIZE[:STRIDE]",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .values = "max: avg: min: nearest:",
        .help = "append a pooling stage: max, avg, min, nearest",
        .manual = "Appends a pooling stage.\n"
                  "KIND is max, avg, min or nearest, or the stage's whole name, as in maxpool.\n"
                  "Several are appended in the order given.",
        .kind = APP_SET,
        .set = app_set_pool,
    },
    {
        .name = "scale",
        .argument = "F",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .help = "append: multiply by F",
        .manual = "Appends a stage that multiplies by F.\n"
                  "The order is always pool, scale, bias, normalize.",
        .kind = APP_SET,
        .set = app_set_scale,
    },
    {
        .name = "bias",
        .argument = "B",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .help = "append: add B",
        .manual = "Appends a stage that adds B.",
        .kind = APP_SET,
        .set = app_set_bias,
    },
    {
        .name = "normalize",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .help = "append: stretch to the full range",
        .manual =
            "Appends the stage 'normalize': the smallest value of the whole image becomes black, "
            "the largest white.",
        .kind = APP_FLAG,
        .offset = AT(normalize),
    },

    /* ---- Colour and numbers ---- */
    {
        .letter = 'c',
        .name = "color",
        .argument = "MODE",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
        .values = "auto gray each",
        .help = "auto, gray, or each channel (default: auto)",
        .manual = "What filters work on.\n"
                  "With auto, the default, edge filters work on gray and all other filters on each "
                  "channel; gray and each apply to all filters.\n"
                  "The edge filters are sobel, scharr, prewitt, roberts, kirsch, robinson, "
                  "laplacian, log, dog, canny and zerocross.",
        .kind = APP_SET,
        .set = app_set_color,
    },
    {
        .name = "like",
        .argument = "LIBRARY",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
        .values = "LIBRARY",
        .help = "the numbers of opencv, scipy, skimage, pillow, ...",
        .manual =
            "Gradients, blurs, kernels and pooling become what the library's function does to an "
            "image of whole numbers: its padding, size, scale and rounding, each channel by "
            "itself, alpha of all but edge filters too.\n"
            "The stages that it becomes are recorded in the output.\n"
            "What the library has no function for is an error that names what there is; see THE "
            "SAME NUMBERS AS THE OTHERS in the man page.",
        .kind = APP_SET,
        .set = app_set_like,
    },
    {
        .name = "linear",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
        .help = "compute in linear light",
        .manual =
            "Computes in linear light: sRGB is decoded before the chain and encoded after it.",
        .kind = APP_FLAG,
        .offset = AT(settings.linear),
    },
    {
        .name = "map",
        .argument = "MODE",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
        .values = "clamp abs signed minmax",
        .help = "numbers to pixels: clamp, abs, signed, minmax",
        .manual = "How numbers become pixels.\n"
                  "clamp, the default: values below 0 become 0, values above white become white.\n"
                  "abs: takes the absolute value first.\n"
                  "signed: halves the contrast around mid-gray, 128 + v/2 for 8 bits.\n"
                  "minmax: the smallest value becomes black, the largest white.",
        .kind = APP_SET,
        .set = app_set_map,
    },
    {
        .name = "depth",
        .argument = "8|16",
        .group = "Colour and numbers",
        .where = APP_FOR_PIXELS | APP_FOR_SHAPE,
        .values = "8 16",
        .help = "bits per output sample (default: the input's)",
        .manual = "Bits per output sample, 8 or 16; white is then 255 or 65535.\n"
                  "The default is the input's depth; JPEG always has 8.\n"
                  "Tables and .npy have floats by default, and with this option whole numbers "
                  "from 0 to 255 or 65535, unscaled.",
        .kind = APP_SET,
        .set = app_set_depth,
    },
    {
        .name = "channels",
        .argument = "LIST",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .help = "take only these channels of the input: 0,3-5",
        .manual = "Takes only these channels of the input, counted from 0, in this order: numbers "
                  "and ranges separated by commas, as in 0,3-5.\n"
                  "2,1,0 swaps red and blue.",
        .kind = APP_SET,
        .set = app_set_channels,
    },
    {
        .name = "layout",
        .argument = "hwc|chw",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .values = "hwc chw",
        .help = "order of a .npy with 3 dimensions (default: hwc)",
        .manual = "The order of the dimensions of a .npy file that has three: hwc (height, width, "
                  "channels), the default, or chw (channels, height, width), as PyTorch has it.\n"
                  "chw also applies to a .npy file that is written, which then always has three.",
        .kind = APP_SET,
        .set = app_set_layout,
    },
    {
        .name = "allow-nonfinite",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .help = "accept NaN and infinity in numbers",
        .manual = "Accepts NaN and infinity in tables, .npy and PFM files.\n"
                  "Without this option they are errors that name the place.",
        .kind = APP_FLAG,
        .offset = AT(limits.nonfinite),
    },

    /* ---- Feature maps ---- */
    {
        .name = "maps",
        .group = "Feature maps",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .help = "write all channels as one sheet, with captions",
        .manual =
            "Writes all channels of the result, its feature maps, as one picture: side by "
            "side, each below its name or number.\n"
            "Small maps are enlarged by a whole factor, to about 128 pixels, lists of numbers "
            "across to 16; see Feature maps in the man page.",
        .kind = APP_FLAG,
        .offset = AT(maps),
    },
    {
        .name = "grid",
        .argument = "COLUMNS[xROWS]",
        .group = "Feature maps",
        .where = APP_FOR_FILES | APP_FOR_VIEW,
        .help = "columns and rows of the sheet",
        .manual = "The columns, or the columns and rows, of the sheet of --maps; by default it is "
                  "somewhat wider than high.",
        .kind = APP_SET,
        .set = app_set_grid,
    },
    {
        .name = "scaling",
        .argument = "MODE",
        .group = "Feature maps",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .values = "each common fixed=",
        .help = "black to white: each, common, fixed=LOW,HIGH",
        .manual = "Which numbers of a map become black and white, or the ends of the colour map.\n"
                  "each, the default of --maps: the smallest and the largest number of each map.\n"
                  "common: those of all maps together.\n"
                  "fixed=LOW,HIGH: these numbers.\n"
                  "Without --maps the default is 0 and white, as for any picture, and with a "
                  "colour map around zero -white and white.",
        .kind = APP_SET,
        .set = app_set_scaling,
    },
    {
        .name = "colormap",
        .argument = "NAME",
        .group = "Feature maps",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .values = "COLORMAP",
        .help = "gray, viridis, magma, turbo, coolwarm",
        .manual = "Colours for the numbers of a result of one channel, or of maps: gray, viridis, "
                  "magma, turbo or coolwarm, which are those of matplotlib.\n"
                  "In coolwarm zero is in the middle, and the range symmetric.",
        .kind = APP_SET,
        .set = app_set_colormap,
    },
};
