/* A way to compute the rows of a stage with a window: each has one file in this folder, which holds
 * everything about it, and one row in the table of plan/choose.c. No path knows of another. */
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
    conv_shape in, made;       /* the input; what the window makes of it */
    const rows_table *rows;    /* the plan's; `make` may replace it */
    const kernel_facts *facts; /* CONV_CORRELATE; valid while the plan is made */
    conv_samples samples;      /* of the input and what lies around it */
    double unit;               /* exact results are whole multiples of it; 0: there is none */
    bool bytes;                /* the window may read the image itself, of 8 bits */
    bool bounded;              /* the plan's input is integers, of a known range */
    bool last;                 /* no stage with a window follows */

    /* For `make` to set; zeros before. */
    void *own;       /* the path's data */
    size_t pointers; /* room in path_call.pointers; at least the rows of a batch's windows */
    bool finished;   /* `run` makes only output pixels, not those that strides leave out, and reads
                      * no float beyond its windows */
    bool exact;      /* `run` writes no float beyond the n asked for */
    bool direct;     /* path.direct may write the plan's output, where that is bytes */
    int align;       /* for paths with `hold`: blocks of rows begin at multiples of it; 0: no
                      * blocks */
    int restart;     /* a multiple of `align`: blocks between two multiples of it must be made in
                      * order; 0: each by itself */
    size_t held;     /* floats that are held */

    /* Chosen before `make`, which may change them. */
    int block;       /* the most output pixels made at once */
    int64_t columns; /* of input that a scratch row may have to hold */
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
    float *const *scratch; /* PATH_SCRATCH + 2 batch rows of floats, contiguous */
    const void **pointers;
    const float *held; /* what `hold` made for the block of rows */
} path_call;

typedef struct conv_path {
    const char *name;
    conv_op op;      /* the stages that it serves */
    int batch;       /* rows best made at once */
    bool in_batches; /* rows share work in groups that begin at multiples of `batch` */
    int block;       /* samples of a row best made at once; 0: the usual number */
    bool bytes;      /* it takes the image's 8-bit samples, not floats */
    bool plain;      /* one product per cell: what other paths are compared with */

    /* Its sums have errors even for whole numbers: they use the weights divided by the site's unit
     * (if any), and are rounded afterwards. */
    bool rounded;

    /* Whether it can serve a stage of its op; NULL: any. */
    bool (*takes)(const path_site *site);

    /* What it costs: cycles per float of a computed row (rates.h). */
    double (*cost)(const path_site *site);

    /* Why it applies, in words; NULL: nothing to say. */
    void (*tell)(const path_site *site, char *why, size_t size);

    /* Fills the site's last two parts; false when out of memory. NULL: nothing to fill. */
    bool (*make)(path_site *site);

    /* Frees site->own, which may be NULL or half made. NULL: free() does. */
    void (*free)(void *own);

    /* Writes n floats of each row r to out[r], "padded" like the row kernels. */
    void (*run)(const path_call *call, size_t n, float *const *out);

    /* Makes a block of site->align whole rows (call->count of them, fewer at the image's end) in
     * `held` (site->held floats), for `run` to read; NULL: it holds nothing. */
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

/* Either of the two. */
static inline const void *path_any_row(const path_call *call, bool bytes, int r, int k) {
    return bytes ? (const void *)path_byte_row(call, r, k) : path_row(call, r, k);
}

/* Points call->pointers at the windows' rows from row r of the call on, at the left column; returns
 * how many rows of the call they serve: all the rest if the windows are adjacent, else one. */
static inline int path_point_rows(const path_call *call, bool bytes, int r) {
    const conv_window *w = &call->site->stage.window;
    const int rows = w->stride_y == 1 && w->dilation_y == 1 ? call->count - r : 1;
    for (int k = 0; k < rows - 1 + w->height; k++) {
        call->pointers[k] = path_any_row(call, bytes, r, k);
    }
    return rows;
}

#endif
