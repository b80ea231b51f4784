/* Sizes that aren't known yet, and what becomes of them: floor((times base + plus) / by). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fingerprint.h"
#include "net/tensor.h"

enum { NAME = 64 };

typedef struct symbol {
    char name[NAME];
    int base; /* a symbol that has a name of its own; it is its own base */
    int64_t times, plus, by;
} symbol;

struct net_symbols {
    symbol *all;
    int count, room;
    int *seats; /* where each is in `all`, by its name; -1: nowhere. 2 room of them */
};

net_symbols *net_symbols_new(void) {
    return calloc(1, sizeof(net_symbols));
}

/* The seat of a symbol of that name, or the empty one that it would have. */
static int *seat_of(const net_symbols *symbols, const char *name) {
    const size_t seats = 2 * (size_t)symbols->room;
    size_t i = ct_fingerprint(CT_FINGERPRINT_START, name, strlen(name)) & (seats - 1);
    while (symbols->seats[i] >= 0 && strcmp(symbols->all[symbols->seats[i]].name, name) != 0) {
        i = (i + 1) & (seats - 1);
    }
    return &symbols->seats[i];
}

/* `room` is a power of 2. */
static bool make_room(net_symbols *symbols, int room) {
    symbol *all = realloc(symbols->all, (size_t)room * sizeof *all);
    symbols->all = all ? all : symbols->all;
    int *seats = malloc(2 * (size_t)room * sizeof *seats);
    if (!all || !seats) {
        free(seats);
        return false;
    }
    free(symbols->seats);
    symbols->seats = seats;
    symbols->room = room;
    for (int i = 0; i < 2 * room; i++) {
        seats[i] = -1;
    }
    for (int i = 0; i < symbols->count; i++) {
        *seat_of(symbols, all[i].name) = i;
    }
    return true;
}

net_symbols *net_symbols_copy(const net_symbols *symbols) {
    net_symbols *copy = net_symbols_new();
    if (copy && symbols->room > 0) {
        if (!make_room(copy, symbols->room)) {
            net_symbols_free(copy);
            return NULL;
        }
        memcpy(copy->all, symbols->all, (size_t)symbols->count * sizeof *copy->all);
        memcpy(copy->seats, symbols->seats, 2 * (size_t)symbols->room * sizeof *copy->seats);
        copy->count = symbols->count;
    }
    return copy;
}

void net_symbols_free(net_symbols *symbols) {
    if (symbols) {
        free(symbols->all);
        free(symbols->seats);
        free(symbols);
    }
}

static int64_t size_of(int index) {
    return -2 - (int64_t)index;
}

/* The symbol like `wanted`, which is added where there is none. */
static int64_t intern(net_symbols *symbols, const symbol *wanted) {
    if (symbols->count == symbols->room &&
        !make_room(symbols, symbols->room > 0 ? 2 * symbols->room : 16)) {
        return NET_ANY_SIZE;
    }
    int *seat = seat_of(symbols, wanted->name);
    if (*seat >= 0) {
        return size_of(*seat);
    }
    *seat = symbols->count;
    symbol *added = &symbols->all[symbols->count];
    *added = *wanted;
    if (added->base < 0) {
        added->base = symbols->count;
    }
    return size_of(symbols->count++);
}

int64_t net_symbol(net_symbols *symbols, const char *name) {
    symbol wanted = {.base = -1, .times = 1, .by = 1};
    snprintf(wanted.name, sizeof wanted.name, "%.*s", NAME - 1, name);
    return *name ? intern(symbols, &wanted) : NET_ANY_SIZE;
}

static int64_t affine(int64_t size, int64_t times, int64_t plus, int64_t by, bool *overflow) {
    int64_t product, sum;
    if (__builtin_mul_overflow(size, times, &product) ||
        __builtin_add_overflow(product, plus, &sum)) {
        *overflow = true;
        return NET_ANY_SIZE;
    }
    const int64_t quotient = sum / by - (sum % by < 0);
    if (quotient < 0) {
        *overflow = true;
        return NET_ANY_SIZE;
    }
    return quotient;
}

/* "2height", "height+1", "(2height-1)/4"; a name that is too long is cut. */
static void name_symbol(symbol *s, const char *base) {
    char factor[24] = "", term[24] = "", all[128] = "";
    if (s->times != 1) {
        snprintf(factor, sizeof factor, "%" PRId64, s->times);
    }
    if (s->plus != 0) {
        snprintf(term, sizeof term, "%+" PRId64, s->plus);
    }
    if (s->by == 1) {
        snprintf(all, sizeof all, "%s%.30s%s", factor, base, term);
    } else if (s->plus == 0) {
        snprintf(all, sizeof all, "%s%.30s/%" PRId64, factor, base, s->by);
    } else {
        snprintf(all, sizeof all, "(%s%.30s%s)/%" PRId64, factor, base, term, s->by);
    }
    memcpy(s->name, all, sizeof s->name - 1);
    s->name[sizeof s->name - 1] = '\0';
}

/* Composes what `from` is of its base with another step; false where that isn't of the same form.
 * floor((floor((t x + p) / b) + q) / c) = floor((t x + p + b q) / (b c)). */
static bool compose(symbol *out, const symbol *from, int64_t times, int64_t plus, int64_t by) {
    int64_t t = from->times, p = from->plus, b = from->by;
    if (b == 1) {
        return !__builtin_mul_overflow(t, times, &out->times) &&
               !__builtin_mul_overflow(p, times, &p) &&
               !__builtin_add_overflow(p, plus, &out->plus) && (out->by = by) > 0;
    }
    out->times = t;
    return times == 1 && !__builtin_mul_overflow(b, plus, &plus) &&
           !__builtin_add_overflow(p, plus, &out->plus) && !__builtin_mul_overflow(b, by, &out->by);
}

/* floor((k t x + k p) / (k b)) = floor((t x + p) / b) */
static void reduce(symbol *s) {
    for (int64_t k = 2; k <= s->by && k <= 64;) {
        if (s->times % k == 0 && s->plus % k == 0 && s->by % k == 0) {
            s->times /= k;
            s->plus /= k;
            s->by /= k;
        } else {
            k++;
        }
    }
}

int64_t net_size_affine(net_symbols *symbols, int64_t size, int64_t times, int64_t plus, int64_t by,
                        bool *overflow) {
    if (size >= 0) {
        return affine(size, times, plus, by, overflow);
    }
    if (size == NET_ANY_SIZE || !symbols) {
        return NET_ANY_SIZE;
    }
    const symbol from = symbols->all[-2 - size];
    symbol wanted = {.base = from.base};
    if (!compose(&wanted, &from, times, plus, by)) {
        return NET_ANY_SIZE;
    }
    reduce(&wanted);
    if (wanted.times == 1 && wanted.plus == 0 && wanted.by == 1) {
        return size_of(from.base);
    }
    name_symbol(&wanted, symbols->all[from.base].name);
    return intern(symbols, &wanted);
}

const char *net_size_text(const net_symbols *symbols, int64_t size, char *room, size_t bytes) {
    if (size >= 0) {
        snprintf(room, bytes, "%" PRId64, size);
    } else if (size == NET_ANY_SIZE || !symbols) {
        snprintf(room, bytes, "?");
    } else {
        snprintf(room, bytes, "%s", symbols->all[-2 - size].name);
    }
    return room;
}

bool net_shape_text(const net_symbols *symbols, const net_shape *shape, ct_text *out) {
    char room[NAME];
    if (shape->rank < 0) {
        return ct_text_print(out, "[...]");
    }
    bool ok = ct_text_print(out, "[");
    for (int i = 0; ok && i < shape->rank; i++) {
        ok = ct_text_print(out, "%s%s", i ? ", " : "",
                           net_size_text(symbols, shape->size[i], room, sizeof room));
    }
    return ok && ct_text_print(out, "]");
}
