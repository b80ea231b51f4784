/* A network as JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "app/call/json.h"
#include "app/commands/net_table.h"

static void json_shape(const net_plan *plan, const net_shape *shape) {
    char room[64];
    if (shape->rank < 0) {
        fputs("null", stdout);
        return;
    }
    putchar('[');
    for (int i = 0; i < shape->rank; i++) {
        fputs(i ? "," : "", stdout);
        if (shape->size[i] >= 0) {
            printf("%" PRId64, shape->size[i]);
        } else {
            app_json_string(stdout, shape->size[i] == NET_ANY_SIZE
                                        ? NULL
                                        : net_size_text(net_plan_symbols(plan), shape->size[i],
                                                        room, sizeof room));
        }
    }
    putchar(']');
}

static void json_values(const char *key, const net_plan *plan, int count,
                        const net_value *(*at)(const net_plan *plan, int i)) {
    printf(",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        app_json_string(stdout, at(plan, i)->name);
        printf(",\"type\":\"%s\",\"shape\":", net_type_name(at(plan, i)->type));
        json_shape(plan, &at(plan, i)->shape);
        putchar('}');
    }
    putchar(']');
}

static void json_field(const net_field *field) {
    if (field->input < 0) {
        fputs(",\"field\":null,\"jump\":null", stdout);
        return;
    }
    printf(",\"field\":[%d,%d],\"jump\":[", field->width, field->height);
    app_json_number(stdout, field->jump_x);
    putchar(',');
    app_json_number(stdout, field->jump_y);
    putchar(']');
}

static void json_products(bool known, uint64_t products) {
    fputs(",\"products\":", stdout);
    known ? printf("%" PRIu64, products) : printf("null");
}

void app_net_json(const char *path, const net_model *model, const net_plan *plan,
                  const net_field *fields) {
    fputs("{\"model\":", stdout);
    app_json_string(stdout, path);
    printf(",\"opset\":%d,\"producer\":", net_model_opset(model));
    app_json_string(stdout, net_model_producer(model));
    json_values("inputs", plan, net_plan_input_count(plan), net_plan_input);
    json_values("outputs", plan, net_plan_output_count(plan), net_plan_output);
    fputs(",\"nodes\":[", stdout);
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        const net_step_info step = net_plan_step(plan, i);
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        app_json_string(stdout, step.node->name);
        fputs(",\"operator\":", stdout);
        app_json_string(stdout, step.node->type);
        fputs(",\"with\":[", stdout);
        for (int k = 0; step.with[k]; k++) {
            fputs(k ? "," : "", stdout);
            app_json_string(stdout, step.with[k]);
        }
        fputs("],\"output\":", stdout);
        app_json_string(stdout, step.output_name);
        printf(",\"type\":\"%s\",\"shape\":", net_type_name(step.type));
        json_shape(plan, &step.shape);
        printf(",\"parameters\":%" PRIu64, step.parameters);
        json_products(step.products_known, step.products);
        json_field(&fields[i]);
        putchar('}');
    }
    const app_net_sums sums = app_net_sums_of(plan);
    printf("],\"parameters\":%" PRIu64, sums.parameters);
    json_products(sums.known, sums.products);
    printf(",\"products_of_one_image\":%s}\n", net_plan_is_of_one(plan) ? "true" : "false");
}
