/* Runs test cases of ONNX through src/net, for tests/net_cases.py. Standard input has lines
 *   MODEL FOLDER
 * and each gets a line on standard output:
 *   pass
 *   unsupported WHAT
 *   refused WHY                   the model, or its inputs, although all operators are known
 *   fail WHY                      an output of another type, shape or number
 *   absent                        this build has no networks
 * In FOLDER, test_data_set_*\/input_*.pb go in and output_*.pb must come out: floats within 1e-3
 * relative plus 1e-5 (bfloat16 within 1/128), everything else exactly. Each case runs twice: as a
 * plan that is fused, on one thread, and as a plan of the nodes as loaded, shared by three that
 * take their parts in reverse order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "net/pool.h"

enum { MOST_TENSORS = 16 };
static const double RELATIVE = 1e-3, ABSOLUTE = 1e-5;
/* One place of bfloat16's 8 bits: the cases cut floats off, and convtool rounds, as later versions
 * of the specification say. */
static const double BFLOAT_RELATIVE = 1.0 / 128;

typedef enum case_verdict { PASS, UNSUPPORTED, REFUSED, FAIL } case_verdict;

/* ---- files ---- */

static bool read_file(const char *path, net_pool *pool, const void **bytes, size_t *size,
                      ct_error *err) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return ct_fail(err, "%s: can't be opened", path);
    }
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    void *room = net_pool_get(pool, *size + 1, 1, err);
    const bool ok = room && fread(room, 1, *size, file) == *size;
    fclose(file);
    *bytes = room;
    return ok || ct_fail(err, "%s: can't be read", path);
}

static bool exists(const char *path) {
    FILE *file = fopen(path, "rb");
    return file && !fclose(file);
}

/* Whether there is such a file; then its tensor. ONNX's cases were written with NumPy, which has no
 * bfloat16: where the model declares it, their files have its bits as uint16. */
typedef enum file_state { ABSENT, FOUND, BROKEN } file_state;

static file_state read_tensor(const char *folder, int set, const char *kind, int i,
                              net_type declared, net_pool *pool, net_tensor *tensor,
                              ct_error *err) {
    char path[4096];
    snprintf(path, sizeof path, "%s/test_data_set_%d/%s_%d.pb", folder, set, kind, i);
    if (!exists(path)) {
        return ABSENT;
    }
    const void *bytes;
    size_t size;
    const char *name;
    if (!read_file(path, pool, &bytes, &size, err) ||
        !net_load_tensor(bytes, size, pool, tensor, &name, err)) {
        return BROKEN;
    }
    if (declared == NET_BFLOAT && tensor->type == NET_U16) {
        tensor->type = NET_BFLOAT;
    }
    return FOUND;
}

/* ---- comparing ---- */

static bool near(double got, double want, double relative) {
    if (isnan(want) || isnan(got)) {
        return isnan(want) && isnan(got);
    }
    if (isinf(want) || isinf(got)) {
        return got == want;
    }
    return fabs(got - want) <= ABSOLUTE + relative * fabs(want);
}

static bool same_at(const net_tensor *got, const net_tensor *want, size_t i) {
    if (net_type_is_real(want->type)) {
        return near(net_real_at(got, i), net_real_at(want, i),
                    want->type == NET_BFLOAT ? BFLOAT_RELATIVE : RELATIVE);
    }
    return net_whole_at(got, i) == net_whole_at(want, i);
}

static bool compare(const net_tensor *got, const net_tensor *want, const char *name,
                    ct_error *err) {
    if (got->type != want->type) {
        return ct_fail(err, "%s is %s, not %s", name, net_type_name(got->type),
                       net_type_name(want->type));
    }
    if (!net_shape_equal(&got->shape, &want->shape)) {
        ct_text text = {0};
        net_shape_text(NULL, &got->shape, &text);
        ct_text_print(&text, ", not ");
        net_shape_text(NULL, &want->shape, &text);
        ct_fail(err, "%s has shape %s", name, text.bytes ? text.bytes : "?");
        ct_text_free(&text);
        return false;
    }
    const size_t count = net_count(want);
    size_t wrong = 0, worst = 0;
    double most = -1;
    for (size_t i = 0; i < count; i++) {
        if (!same_at(got, want, i)) {
            const double apart = fabs(net_real_at(got, i) - net_real_at(want, i));
            wrong++;
            if (!(apart <= most)) {
                most = apart;
                worst = i;
            }
        }
    }
    return wrong == 0 ||
           ct_fail(err, "%s: %zu of %zu numbers differ, most [%zu]: %g, not %g", name, wrong, count,
                   worst, net_real_at(got, worst), net_real_at(want, worst));
}

/* ---- running ---- */

static void each_in_reverse(void *context, int count, void (*task)(void *argument, int i),
                            void *argument) {
    (void)context;
    for (int i = count; i-- > 0;) {
        task(argument, i);
    }
}

typedef struct test_case {
    const net_model *model;
    const char *folder;
    int set, inputs;
    net_given in[MOST_TENSORS]; /* in the order of the model's inputs */
    net_pool *pool;
} test_case;

/* The inputs' numbers that a plan is told before it runs: none, if it can do without; then whole
 * numbers, which may be shapes; then all. */
typedef enum case_told { NOTHING, WHOLE, EVERYTHING } case_told;

static net_plan *plan_of(const test_case *c, bool as_loaded, case_told told, ct_error *err) {
    net_given given[MOST_TENSORS];
    for (int i = 0; i < c->inputs; i++) {
        const net_type type = c->in[i].tensor.type;
        const bool tell = told == EVERYTHING || (told == WHOLE && !net_type_is_real(type));
        given[i] = c->in[i];
        given[i].tensor.data = tell ? given[i].tensor.data : NULL;
    }
    const net_wanted wanted = {.given = given, .given_count = c->inputs, .as_loaded = as_loaded};
    return net_plan_new(c->model, &wanted, err);
}

static net_plan *plan_that_runs(const test_case *c, bool as_loaded, ct_error *err) {
    net_plan *plan = NULL;
    for (int told = NOTHING; told <= EVERYTHING; told++) {
        net_plan_free(plan);
        plan = plan_of(c, as_loaded, (case_told)told, err);
        if (plan && net_plan_can_run(plan)) {
            return plan;
        }
    }
    if (plan) {
        ct_fail(err, "the plan can't run, although all inputs are known");
    }
    net_plan_free(plan);
    return NULL;
}

/* Compares all outputs that have a file; there must be one at least. */
static case_verdict compare_all(const test_case *c, const net_plan *plan, const net_tensor *out,
                                ct_error *err) {
    for (int i = 0;; i++) {
        net_tensor want;
        const net_type declared =
            i < net_plan_output_count(plan) ? net_plan_output(plan, i)->type : NET_NONE;
        const file_state found =
            read_tensor(c->folder, c->set, "output", i, declared, c->pool, &want, err);
        if (found != FOUND || i >= net_plan_output_count(plan)) {
            const bool all = found == ABSENT && i > 0 && i == net_plan_output_count(plan);
            return found == BROKEN ? UNSUPPORTED
                   : all           ? PASS
                         : (ct_fail(err, "%d outputs expected, got %d", i + (found == FOUND),
                                    net_plan_output_count(plan)),
                            FAIL);
        }
        if (!compare(&out[i], &want, net_plan_output(plan, i)->name, err)) {
            return FAIL;
        }
    }
}

static case_verdict verdict_of(const ct_error *err) {
    return strstr(err->text, "support") ? UNSUPPORTED : REFUSED;
}

static case_verdict run(const test_case *c, bool as_loaded, ct_error *err) {
    const net_team team = {.threads = 3, .each = each_in_reverse};
    net_plan *plan = plan_that_runs(c, as_loaded, err);
    net_runner *runner = plan ? net_runner_new(plan, as_loaded ? &team : NULL, err) : NULL;
    net_tensor in[MOST_TENSORS] = {0}, out[MOST_TENSORS] = {0};
    case_verdict verdict = PASS;
    if (!runner) {
        verdict = verdict_of(err);
    } else {
        for (int i = 0; i < net_plan_input_count(plan); i++) {
            for (int k = 0; k < c->inputs; k++) {
                if (!strcmp(c->in[k].name, net_plan_input(plan, i)->name)) {
                    in[i] = c->in[k].tensor;
                }
            }
        }
        verdict = net_run(runner, in, out, err) ? compare_all(c, plan, out, err) : verdict_of(err);
    }
    if (verdict == FAIL && as_loaded) {
        ct_fail_at(err, "as loaded: ");
    }
    net_runner_free(runner);
    net_plan_free(plan);
    return verdict;
}

/* One set of data: a file for each of the model's inputs, in its order. */
static case_verdict run_set(test_case *c, ct_error *err) {
    const net_graph *graph = net_model_graph(c->model);
    if (graph->input_count > MOST_TENSORS || graph->output_count > MOST_TENSORS) {
        ct_fail(err, "more than %d inputs or outputs", MOST_TENSORS);
        return REFUSED;
    }
    for (c->inputs = 0; c->inputs < graph->input_count; c->inputs++) {
        net_given *given = &c->in[c->inputs];
        const net_value *value = &graph->values[graph->inputs[c->inputs]];
        given->name = value->name;
        const file_state found = read_tensor(c->folder, c->set, "input", c->inputs, value->type,
                                             c->pool, &given->tensor, err);
        if (found != FOUND) {
            if (found == ABSENT) {
                ct_fail(err, "no file for input %s", given->name);
            }
            return found == ABSENT ? REFUSED : UNSUPPORTED;
        }
    }
    const case_verdict fused = run(c, false, err);
    return fused == PASS ? run(c, true, err) : fused;
}

static bool has_set(const char *folder, int set) {
    char path[4096];
    snprintf(path, sizeof path, "%s/test_data_set_%d/output_0.pb", folder, set);
    return exists(path);
}

static case_verdict run_case(const char *path, const char *folder, ct_error *err) {
    net_pool pool = {0};
    const void *bytes;
    size_t size;
    net_model *model =
        read_file(path, &pool, &bytes, &size, err) ? net_load(bytes, size, NULL, 0, err) : NULL;
    case_verdict verdict = model ? PASS : verdict_of(err);
    int set = 0;
    for (; verdict == PASS && has_set(folder, set); set++) {
        test_case c = {.model = model, .folder = folder, .set = set, .pool = &pool};
        verdict = run_set(&c, err);
    }
    if (model && set == 0) {
        ct_fail(err, "there are no outputs to compare");
        verdict = FAIL;
    }
    net_free(model);
    net_pool_free(&pool);
    return verdict;
}

int main(void) {
    static const char *const WORDS[] = {"pass", "unsupported ", "refused ", "fail "};
    char model[4096], folder[4000];
    while (scanf("%4095s %3999s", model, folder) == 2) {
        ct_error err = {""};
        if (!net_can_load()) {
            puts("absent");
        } else {
            const case_verdict verdict = run_case(model, folder, &err);
            printf("%s%s\n", WORDS[verdict], verdict == PASS ? "" : err.text);
        }
        fflush(stdout);
    }
    return 0;
}
