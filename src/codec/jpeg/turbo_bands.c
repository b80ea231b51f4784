#include "codec/jpeg/turbo_bands.h"

#include <jerror.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "codec/jpeg/turbo_cut.h"

enum {
    GOOD_ROWS = 32, /* of a step: starting takes little time */
    /* Slices of a step where two around it are decoded too: a fourth more at most, and an eighth in
     * a large image. */
    LEAST_SLICES = 8,
    GOOD_SLICES = 16,
    /* Half more, where otherwise the groups of all threads would take more than that. */
    FEWEST_SLICES = 4,
    GROUPS_MOST = 32 << 20,
    GOOD_STEPS = 8,    /* enough to share */
    LEAST_THREADS = 3, /* for such steps: two have enough to do beside decoding */
};

/* What one thread decodes with. */
typedef struct decoder {
    struct jpeg_decompress_struct cinfo; /* first */
    turbo_errors errors;
    void (*emit)(j_common_ptr cinfo, int level); /* the errors' own */
    turbo_cut cut;
    bool created;
    bool leaves; /* at the end of the next interval: nothing is behind it */
    bool left;
    bool odd;     /* an interval was too short or too long */
    int ends;     /* of intervals, seen so far */
    uint8_t *row; /* one that isn't wanted */
    struct decoder *next;
} decoder;

struct turbo_bands {
    const struct jpeg_decompress_struct *cinfo;
    turbo_slices slices;
    int channels, step;
    bool around; /* a row of units above and below is needed */

    pthread_mutex_t lock; /* for what follows */
    decoder *idle;

    pthread_mutex_t judging; /* for what follows; held while the scan is decoded, unlike `lock` */
    bool judged;
    ct_error verdict; /* of decoding in order; empty: all is well */
};

/* What is decoded at once: a file of the slices [from, to), of `height` rows. */
typedef struct part {
    int from, to, height;
    int above, count; /* rows: those that are dropped, then those that are wanted */
    int ends;         /* of intervals, that are seen */
    bool more;        /* the image goes on below the wanted rows */
    bool behind;      /* and some of that is in the part */
} part;

/* ---- decoders ---- */

/* A gap's length, told at the end of an interval, is no damage. */
static void note_message(j_common_ptr cinfo, int level) {
    decoder *d = (decoder *)cinfo;
    if (level >= 0 || d->errors.pub.msg_code != JWRN_EXTRANEOUS_DATA || !d->cut.gaps) {
        d->emit(cinfo, level);
        return;
    }
    d->odd |= d->errors.pub.msg_parm.i[0] != TURBO_GAP;
    d->ends++;
    if (d->leaves) {
        d->left = true;
        longjmp(d->errors.escape, 1);
    }
}

static bool create(decoder *d, const turbo_bands *bands) {
    if (setjmp(d->errors.escape)) {
        return false;
    }
    jpeg_create_decompress(&d->cinfo);
    d->created = true;
    d->cinfo.src = &d->cut.pub;
    d->cinfo.mem->max_memory_to_use = bands->cinfo->mem->max_memory_to_use;
    return true;
}

static void free_decoder(decoder *d) {
    if (d->created) {
        jpeg_destroy_decompress(&d->cinfo);
    }
    turbo_cut_close(&d->cut);
    free(d->row);
    free(d);
}

static decoder *new_decoder(const turbo_bands *bands, ct_error *err) {
    decoder *d = calloc(1, sizeof *d);
    if (!d) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    d->cinfo.err = turbo_errors_init(&d->errors, false);
    d->emit = d->errors.pub.emit_message;
    d->errors.pub.emit_message = note_message;
    d->row = malloc((size_t)bands->channels * bands->cinfo->image_width);
    if (!d->row) {
        ct_fail(err, "out of memory");
    } else if (turbo_cut_open(&d->cut, &bands->slices, bands->cinfo, err)) {
        if (create(d, bands)) {
            return d;
        }
        ct_fail(err, "%s", d->errors.error.text);
    }
    free_decoder(d);
    return NULL;
}

/* Reuses one that is idle, as making one takes longer. */
static decoder *take_decoder(turbo_bands *bands, ct_error *err) {
    pthread_mutex_lock(&bands->lock);
    decoder *d = bands->idle;
    if (d) {
        bands->idle = d->next;
    }
    pthread_mutex_unlock(&bands->lock);
    return d ? d : new_decoder(bands, err);
}

static void give_decoder(turbo_bands *bands, decoder *d) {
    pthread_mutex_lock(&bands->lock);
    d->next = bands->idle;
    bands->idle = d;
    pthread_mutex_unlock(&bands->lock);
}

/* ---- decoding ---- */

static void start(decoder *d, const turbo_bands *bands) {
    j_decompress_ptr cinfo = &d->cinfo;
    jpeg_read_header(cinfo, TRUE);
    cinfo->jpeg_color_space = bands->cinfo->jpeg_color_space;
    cinfo->out_color_space = bands->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(cinfo);
}

static void read_rows(decoder *d, int count, uint8_t *rows, size_t stride) {
    for (int y = 0; y < count; y++) {
        JSAMPROW row[1] = {rows + stride * (size_t)y};
        if (jpeg_read_scanlines(&d->cinfo, row, 1) != 1) {
            turbo_fail((j_common_ptr)&d->cinfo, "damaged: fewer rows than the header says");
        }
    }
}

static bool decode(decoder *d, const turbo_bands *bands, const part *p, uint8_t *rows,
                   size_t stride) {
    if (setjmp(d->errors.escape)) {
        return d->left;
    }
    start(d, bands);
    read_rows(d, p->above, d->row, 0);
    read_rows(d, p->count, rows, stride);
    if (p->more) { /* goes on to see the end of the last interval */
        d->leaves = !p->behind;
        read_rows(d, 1, d->row, 0);
    } else {
        jpeg_finish_decompress(&d->cinfo); /* reads to the end-of-image marker */
    }
    return true;
}

/* `gaps`: as in turbo_cut_start. */
static bool decode_part(decoder *d, const turbo_bands *bands, const part *p, bool gaps,
                        uint8_t *rows, size_t stride) {
    turbo_cut_start(&d->cut, p->from, p->to, p->height, gaps);
    d->leaves = d->left = d->odd = false;
    d->ends = 0;
    const bool ok = decode(d, bands, p, rows, stride);
    jpeg_abort_decompress(&d->cinfo);
    return ok;
}

static part part_of(const turbo_bands *bands, int first, int count) {
    const turbo_slices *s = &bands->slices;
    const int height = (int)bands->cinfo->image_height;
    const int units = bands->cinfo->max_v_samp_factor * DCTSIZE; /* rows of a row of units */
    const int from = first / s->rows, to = ct_div_up(first + count, s->rows);
    part p = {.from = from, .to = to, .count = count, .more = to < s->count};
    if (bands->around && from > 0) {
        p.from--;
        p.above = s->rows;
    }
    p.behind = bands->around && p.more;
    p.to += p.behind;
    /* Where nothing is behind, a row is said to be, so that its intervals' ends are seen. */
    const int below = p.behind ? units : p.more;
    const int left = height - (first + count);
    p.height = p.above + count + ct_min(below, left);
    p.ends = p.more ? (to - p.from) * s->intervals + (p.behind ? s->intervals - 1 : 0)
                    : s->restarts - p.from * s->intervals;
    return p;
}

/* Decodes the whole scan as if in order, the first time. True if all is well. */
static bool judge(turbo_bands *bands, ct_error *err) {
    decoder *d = take_decoder(bands, err);
    if (!d) {
        return false;
    }
    pthread_mutex_lock(&bands->judging);
    if (!bands->judged) {
        const int height = (int)bands->cinfo->image_height;
        const part all = {.to = bands->slices.count, .height = height, .above = height};
        bands->judged = true;
        if (!decode_part(d, bands, &all, false, NULL, 0)) {
            bands->verdict = d->errors.error;
        }
    }
    const ct_error verdict = bands->verdict;
    pthread_mutex_unlock(&bands->judging);
    give_decoder(bands, d);
    return !verdict.text[0] || ct_fail(err, "%s", verdict.text);
}

bool turbo_bands_read(turbo_bands *bands, int first, int count, void *rows, size_t stride,
                      ct_error *err) {
    if (!count) {
        return true;
    }
    decoder *d = take_decoder(bands, err);
    if (!d) {
        return false;
    }
    const part p = part_of(bands, first, count);
    const bool ok = decode_part(d, bands, &p, true, rows, stride);
    const bool sound = ok && !d->odd && d->ends == p.ends;
    const ct_error error = d->errors.error;
    give_decoder(bands, d);
    return sound || (judge(bands, err) && (ok || ct_fail(err, "%s", error.text)));
}

/* ---- the whole ---- */

/* Whether a wanted component has fewer rows than the image, so that the library makes rows of what
 * is above and below. */
static bool needs_around(const struct jpeg_decompress_struct *cinfo, int channels) {
    for (int i = 0; i < cinfo->num_components && i < channels; i++) {
        if (cinfo->comp_info[i].v_samp_factor != cinfo->max_v_samp_factor) {
            return true;
        }
    }
    return false;
}

/* Slices of a step of which so many threads, and one more, have no more than GROUPS_MOST. */
static int most_slices(const turbo_slices *slices, size_t row_bytes, int threads) {
    const size_t bytes = row_bytes * (size_t)slices->rows * ((size_t)threads + 1);
    return ct_max((int)(GROUPS_MOST / bytes), FEWEST_SLICES);
}

/* In pixel rows; 0 if the image is too small, or so many threads gain nothing. */
static int choose_step(const turbo_slices *slices, bool around, size_t row_bytes, int threads) {
    const int least = around ? LEAST_SLICES : 1;
    const int good = around ? GOOD_SLICES : ct_div_up(GOOD_ROWS, slices->rows);
    int step = ct_max(ct_min(slices->count / GOOD_STEPS, good), least);
    step = around ? ct_min(step, most_slices(slices, row_bytes, threads)) : step;
    return step < slices->count && !(around && threads < LEAST_THREADS) ? step * slices->rows : 0;
}

int turbo_bands_most(const struct jpeg_decompress_struct *cinfo, int channels, int threads) {
    turbo_slices slices;
    return turbo_slices_plan(&slices, cinfo)
               ? choose_step(&slices, needs_around(cinfo, channels),
                             (size_t)channels * cinfo->image_width, threads)
               : 0;
}

turbo_bands *turbo_bands_new(const struct jpeg_decompress_struct *cinfo, const turbo_source *source,
                             int channels, int threads) {
    const int step = turbo_bands_most(cinfo, channels, threads);
    turbo_bands *bands = step ? calloc(1, sizeof *bands) : NULL;
    if (!bands || !turbo_slices_find(&bands->slices, cinfo, source)) {
        free(bands);
        return NULL;
    }
    bands->cinfo = cinfo;
    bands->channels = channels;
    bands->around = needs_around(cinfo, channels);
    bands->step = step;
    bands->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    bands->judging = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    return bands;
}

void turbo_bands_free(turbo_bands *bands) {
    if (bands) {
        while (bands->idle) {
            decoder *d = bands->idle;
            bands->idle = d->next;
            free_decoder(d);
        }
        pthread_mutex_destroy(&bands->lock);
        pthread_mutex_destroy(&bands->judging);
        turbo_slices_free(&bands->slices);
        free(bands);
    }
}

int turbo_bands_step(const turbo_bands *bands) {
    return bands->step;
}
