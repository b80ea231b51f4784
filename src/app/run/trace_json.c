/* A trace for programs. */
#include <stdio.h>

#include "app/call/json.h"
#include "app/run/trace.h"

static void pair(const char *name, double x, double y) {
    printf(",\"%s\":[", name);
    app_json_number(stdout, x);
    putchar(',');
    app_json_number(stdout, y);
    putchar(']');
}

static void shape(const char *name, conv_shape s) {
    printf(",\"%s\":[%d,%d,%d]", name, s.width, s.height, s.channels);
}

static void number(const char *name, double value) {
    printf(",\"%s\":", name);
    app_json_number(stdout, value);
}

static void window(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    pair("window", w->width, w->height);
    pair("stride", w->stride_x, w->stride_y);
    pair("dilation", w->dilation_x, w->dilation_y);
    printf(",\"padding\":[%d,%d,%d,%d],\"padding_text\":", w->left, w->right, w->top, w->bottom);
    app_json_string(stdout, app_trace_padding(stage).text);
}

static void one(const app_trace *trace, int i) {
    const app_trace_row *row = &trace->rows[i];
    fputs(i ? ",{\"stage\":" : "{\"stage\":", stdout);
    row->number ? printf("%d", row->number) : printf("null");
    fputs(",\"name\":", stdout);
    app_json_string(stdout, row->name);
    shape("in", row->in);
    shape("out", row->out);
    if (app_trace_has_window(row)) {
        window(&row->stage);
    }
    number("parameters", row->parameters);
    number("products", row->products);
    fputs(",\"path\":", stdout);
    app_json_string(stdout, row->choice.path);
    fputs(",\"why\":", stdout);
    app_json_string(stdout, row->choice.path ? row->choice.why : NULL);
    if (row->field.whole) {
        fputs(",\"field\":null", stdout);
    } else {
        pair("field", row->field.width, row->field.height);
    }
    pair("jump", row->field.jump_x, row->field.jump_y);
    if (trace->network && i == 0) {
        fputs(",\"nodes\":", stdout);
        app_net_trace_json(trace->network);
    }
    if (trace->values) {
        const flow_summary *s = &trace->values[i];
        number("min", s->min);
        number("mean", flow_summary_mean(s));
        number("max", s->max);
        printf(",\"samples\":%llu,\"negative\":%llu,\"nan\":%llu,\"infinite\":%llu",
               (unsigned long long)(s->finite + s->nan + s->infinite),
               (unsigned long long)s->negative, (unsigned long long)s->nan,
               (unsigned long long)s->infinite);
    }
    putchar('}');
}

void app_trace_json(const app_trace *trace) {
    putchar('[');
    for (int i = 0; i < trace->count; i++) {
        one(trace, i);
    }
    putchar(']');
}
