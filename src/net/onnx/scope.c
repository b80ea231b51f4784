#include "net/onnx/scope.h"

#ifdef CT_HAVE_PROTOBUF
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

static bool grow(void **list, int count, int *room, size_t size) {
    if (count < *room) {
        return true;
    }
    const int more = *room > 0 ? 2 * *room : 32;
    size_t bytes;
    void *larger = ct_mul((size_t)more, size, &bytes) ? realloc(*list, bytes) : NULL;
    if (!larger) {
        return false;
    }
    *list = larger;
    *room = more;
    return true;
}

int onnx_scope_add(onnx_scope *scope, const char *name, ct_error *err) {
    if (*name && onnx_names_find(&scope->names, name) >= 0) {
        ct_fail(err, "there are two values '%s'", name);
        return -1;
    }
    char *own = net_pool_text(scope->load->pool, name, strlen(name), err);
    if (!own) {
        return -1;
    }
    if (!grow((void **)&scope->values, scope->count, &scope->room, sizeof *scope->values) ||
        (*name && !onnx_names_add(&scope->names, own, scope->count))) {
        ct_fail(err, "out of memory");
        return -1;
    }
    scope->values[scope->count] = (net_value){.name = own, .shape = {.rank = -1}};
    return scope->count++;
}

int onnx_scope_find(onnx_scope *scope, const char *name) {
    const int found = onnx_names_find(&scope->names, name);
    if (found >= 0 || !scope->around) {
        return found;
    }
    const int outer = onnx_scope_find(scope->around, name);
    if (outer < 0) {
        return -1;
    }
    if (scope->captures == scope->capture_room) {
        int room = scope->capture_room;
        if (!grow((void **)&scope->inner, scope->captures, &room, sizeof *scope->inner)) {
            return -1;
        }
        room = scope->capture_room;
        if (!grow((void **)&scope->outer, scope->captures, &room, sizeof *scope->outer)) {
            return -1;
        }
        scope->capture_room = room;
    }
    const int inner = onnx_scope_add(scope, name, NULL);
    if (inner < 0) {
        return -1;
    }
    const net_value *value = &scope->around->values[outer];
    scope->values[inner].type = value->type;
    scope->values[inner].shape = value->shape;
    scope->values[inner].constant = value->constant;
    scope->inner[scope->captures] = inner;
    scope->outer[scope->captures++] = outer;
    return inner;
}

static void *keep(onnx_scope *scope, const void *list, int count, size_t size, ct_error *err) {
    void *copy = net_pool_get(scope->load->pool, (size_t)count, size, err);
    if (copy && count > 0) {
        memcpy(copy, list, (size_t)count * size);
    }
    return copy;
}

bool onnx_scope_end(onnx_scope *scope, net_graph *graph, ct_error *err) {
    graph->values = keep(scope, scope->values, scope->count, sizeof *scope->values, err);
    graph->inner = keep(scope, scope->inner, scope->captures, sizeof *scope->inner, err);
    graph->outer = keep(scope, scope->outer, scope->captures, sizeof *scope->outer, err);
    graph->value_count = scope->count;
    graph->capture_count = scope->captures;
    return graph->values && graph->inner && graph->outer;
}

void onnx_scope_free(onnx_scope *scope) {
    onnx_names_free(&scope->names);
    free(scope->values);
    free(scope->inner);
    free(scope->outer);
}
#endif
