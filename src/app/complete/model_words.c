#include "app/complete/model_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/model_file.h"

static bool is_plain(const char *name) {
    for (; *name; name++) {
        if (!isalnum((unsigned char)*name) && !strchr("/_.-+@%", *name)) {
            return false;
        }
    }
    return true;
}

static void offer(candidate_word word, const char *name, const char *tail, const char *meaning) {
    char text[512];
    if (name && is_plain(name) &&
        snprintf(text, sizeof text, "%s%s", name, tail) < (int)sizeof text) {
        candidate_offer(word, text, meaning);
    }
}

static void offer_inputs(candidate_word word, const net_graph *graph, const char *tail) {
    for (int i = 0; i < graph->input_count; i++) {
        offer(word, graph->values[graph->inputs[i]].name, tail, "an input");
    }
}

static net_model *load(const char *path) {
    const app_call call = {.limits = {.max_memory = (uint64_t)1 << 30}};
    ct_error err; /* a shell that completes has no use for it */
    return strcmp(path, "-") == 0 ? NULL : app_net_load(path, &call, &err);
}

void complete_values(candidate_word word, const char *path, const char *tail) {
    net_model *model = load(path);
    if (!model) {
        return;
    }
    const net_graph *graph = net_model_graph(model);
    offer_inputs(word, graph, tail);
    for (int i = 0; i < graph->node_count; i++) {
        const net_node *node = &graph->nodes[i];
        for (int k = 0; k < node->output_count; k++) {
            if (node->outputs[k] >= 0) {
                offer(word, graph->values[node->outputs[k]].name, tail, node->type);
            }
        }
    }
    net_free(model);
}

void complete_inputs(candidate_word word, const char *path, const char *tail) {
    net_model *model = load(path);
    if (model) {
        offer_inputs(word, net_model_graph(model), tail);
        net_free(model);
    }
}

char *complete_model_of(const char *word) {
    const bool stage = strncmp(word, "net:", 4) == 0;
    const char *from = stage ? word + 4 : word;
    if (stage && strncmp(from, "model=", 6) == 0) {
        from += 6;
    }
    char *path = malloc(strlen(from) + 1), *to = path;
    for (; path && *from && !(stage && strchr(",:", *from)); from++) {
        from += stage && *from == '\\' && from[1];
        *to++ = *from;
    }
    if (path) {
        *to = '\0';
    }
    return path;
}
