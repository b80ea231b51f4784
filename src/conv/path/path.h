/* A way to compute the rows of a stage with a window: each is one file of this folder, which holds
 * all about it, and one row of the table in plan/choose.c. No path knows another. */
#ifndef CT_CONV_PATH_PATH_H
#define CT_CONV_PATH_PATH_H

#include "conv/facts.h"
#include "conv/rows/table.h"
#include "conv/samples.h"

enum { PATH_SCRATCH = 4, PATH_MAX_BATCH = 16 };

/* The stage that a path works on. */
typedef struct path_site {
    /* Set before a path is asked about it. */
    conv_stage stage;          /* its numbers are valid while the plan is made */
    conv_shape in, made;       /* what comes in; what the window makes */
    const rows_table *rows;    /* the plan's; `make` may put another */
    const kernel_facts *facts; /* CONV_CORRELATE; valid while the plan is made */
    sample_facts samples;      /* of the input, with what lies around it */
    double unit;               /* the exact results are whole multiples of it; 0: of none */
    bool bytes;                /* the window may look at the image itself, of 8 bits */
    bool bounded;              /* the plan's input is whole numbers, of a known range */
    bool last;                 /* no stage with a window follows */

    /* For `make` to set; zeros before. */
    void *own;       /* the path's data */
    size_t pointers; /* room in path_call.pointers; at least the rows of a batch's windows */
    bool finished;   /* `run` makes output pixels: what strides leave out isn't made; and it reads
                      * no float beyond its windows */
    bool exact;      /* it writes no float beyond the n that it's asked for */
    bool direct;     /* path.direct may make the plan's output, where that is bytes */
    int align;       /* paths that hold: blocks of rows begin at multiples of it; 0: no blocks */
    int restart;     /* a multiple of `align`: blocks between two multiples of it are made one after
                      * the other; 0: each by itself */
    size_t held;     /* floats that are held */

    /* Chosen before `make`, which may change them. */
    int block;       /* output pixels made at once, at most */
    int64_t columns; /* of the input, that a scratch row may have to hold */
} path_site;

/* What a path is asked for: the window's results at `count` rows from y on, at every column (as if
 * stride_x were 1) from the one of output pixel x on. */
typedef struct path_call {
    const rows_table *rows;
    const path_site *site;
    int y, count;
    int x;
    /* The window's k-th row for output row y + r is in[r * stride_y + k], at the image's first
     * column; NULL where pooling leaves it out. Floats, or bytes if the path takes those. */
    const void *const *in;
    float *const *scratch; /* PATH_SCRATCH + 2 batch rows of floats, one after another */
    const void **pointers;
    const float *held; /* what `hold` made of the block of rows */
} path_call;

typedef struct conv_path {
    const char *name;
    conv_op op;      /* the stages that it serves */
    int batch;       /* rows that are best made at once */
    bool in_batches; /* rows are shared in groups that begin at multiples of `batch` */
    int block;       /* samples of a row that are; 0: as most do */
    bool bytes;      /* it takes the image's 8-bit samples, not floats */
    bool plain;      /* one product for each cell: what other paths are compared with */

    /* Its sums carry errors, even of whole numbers: they are made of the weights divided by the
     * site's unit (if any), and rounded afterwards. */
    bool rounded;

    /* Whether it can serve a stage of its op; NULL: any. */
    bool (*takes)(const path_site *site);

    /* What it costs then: cycles for each float of a computed row (rates.h). */
    double (*cost)(const path_site *site);

    /* What makes it possible, in words; NULL: nothing that needs saying. */
    void (*tell)(const path_site *site, char *why, size_t size);

    /* Fills the site's last two parts; false when memory is out. NULL: nothing to fill. */
    bool (*make)(path_site *site);

    /* Frees site->own, which may be NULL or half made. NULL: free() does. */
    void (*free)(void *own);

    /* Writes n floats of each row r to out[r]; "padded" as the row kernels are. */
    void (*run)(const path_call *call, size_t n, float *const *out);

    /* Makes a block of site->align rows (call->count of them, at the image's end fewer), of whole
     * width, into `held` (site->held floats), for `run` to take from; NULL: it holds nothing. */
    void (*hold)(path_call *call, float *held);

    /* The same as `run`, rounded to 8 bits (not padded), where site->direct is set; NULL: none. */
    void (*direct)(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats);
} conv_path;

/* Samples from one of the window's columns to the next. */
static inline size_t path_column_step(const path_site *site) {
    return (size_t)site->stage.window.dilation_x * (size_t)site->in.channels;
}

/* Samples from the image's first column to the window's left one for output pixel call->x. */
static inline ptrdiff_t path_left(const path_call *call) {
    const conv_window *w = &call->site->stage.window;
    return (ptrdiff_t)(call->x * w->stride_x - w->left) * call->site->in.channels;
}

/* Window row k of output row y + r, at the window's left column. */
static inline const float *path_row(const path_call *call, int r, int k) {
    const float *row = call->in[r * call->site->stage.window.stride_y + k];
    return row ? row + path_left(call) : NULL;
}

static inline const uint8_t *path_byte_row(const path_call *call, int r, int k) {
    const uint8_t *row = call->in[r * call->site->stage.window.stride_y + k];
    return row + path_left(call);
}

/* The same of either kind. */
static inline const void *path_any_row(const path_call *call, bool bytes, int r, int k) {
    return bytes ? (const void *)path_byte_row(call, r, k) : path_row(call, r, k);
}

#endif
