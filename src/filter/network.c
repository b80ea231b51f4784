#include "filter/network.h"

#include <string.h>

#include "base/number.h"

/* "0..1" */
static bool read_range(const char *text, double *low, double *high, ct_error *err) {
    const char *dots = strstr(text, "..");
    return (dots && ct_parse_number(text, (size_t)(dots - text), low) &&
            ct_parse_number(dots + 2, strlen(dots + 2), high) && *low < *high) ||
           ct_fail(err, "range: expected LOW..HIGH, as in 0..1 or -1..1, got '%s'", text);
}

/* "0.485/0.456/0.406", or one number for all. */
static bool read_colours(const char *name, const char *text, double out[3], ct_error *err) {
    const char *at = text;
    int count = 0;
    for (bool more = true; more; count++) {
        const size_t length = strcspn(at, "/");
        more = at[length] == '/';
        if (count == 3 || !ct_parse_number(at, length, &out[count])) {
            count = 0;
            break;
        }
        at += length + more;
    }
    if (count == 1) {
        out[1] = out[2] = out[0];
    }
    return count == 1 || count == 3 ||
           ct_fail(err, "%s: expected a number, or three with / between them, got '%s'", name,
                   text);
}

static bool read_network(const chain_stage *stage, filter_network *out, ct_error *err) {
    const argument *own = stage->own;
    *out = (filter_network){.model = own[NET_MODEL].text,
                            .out = own[NET_OUT].text,
                            .high = 1,
                            .std = {1, 1, 1},
                            .bgr = own[NET_ORDER].choice == 1,
                            .ranged = own[NET_RANGE].given,
                            .ordered = own[NET_ORDER].given,
                            .last = own[NET_LAYOUT].given && own[NET_LAYOUT].choice == 1,
                            .laid = own[NET_LAYOUT].given};
    if ((own[NET_RANGE].given && !read_range(own[NET_RANGE].text, &out->low, &out->high, err)) ||
        (own[NET_MEAN].given && !read_colours("mean", own[NET_MEAN].text, out->mean, err)) ||
        (own[NET_STD].given && !read_colours("std", own[NET_STD].text, out->std, err))) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (!(out->std[i] > 0)) {
            return ct_fail(err, "std: expected numbers above 0, got '%s'", own[NET_STD].text);
        }
    }
    return true;
}

bool network_read(const filter_chain *chain, const chain_stage *stage, ct_error *err) {
    filter_network network;
    if (!stage->own[NET_MODEL].given) {
        return ct_fail(err, "needs a model: net:FILE");
    }
    if (chain->count > 0) {
        return ct_fail(err, "a network must come first in a chain; for stages before it, use two "
                            "commands with a pipe between them");
    }
    return read_network(stage, &network, err);
}

bool filter_chain_network(const filter_chain *chain, filter_network *out) {
    ct_error unused; /* it was read before */
    return chain->count > 0 && chain->stages[0].def->kind == STAGE_NET &&
           read_network(&chain->stages[0], out, &unused);
}
