#include "codec/keeper.h"

#include <stdlib.h>

struct codec_keeper {
    struct {
        void *thing; /* NULL: none */
        void (*free)(void *);
    } kept[CODEC_KEPTS];
};

codec_keeper *codec_keeper_new(void) {
    return calloc(1, sizeof(codec_keeper));
}

void codec_keeper_free(codec_keeper *keeper) {
    for (int i = 0; keeper && i < CODEC_KEPTS; i++) {
        if (keeper->kept[i].thing) {
            keeper->kept[i].free(keeper->kept[i].thing);
        }
    }
    free(keeper);
}

void *codec_keeper_take(codec_keeper *keeper, codec_kept kind) {
    void *thing = keeper ? keeper->kept[kind].thing : NULL;
    if (thing) {
        keeper->kept[kind].thing = NULL;
    }
    return thing;
}

void codec_keeper_give(codec_keeper *keeper, codec_kept kind, void *thing, void (*free)(void *)) {
    if (keeper && !keeper->kept[kind].thing) {
        keeper->kept[kind].thing = thing;
        keeper->kept[kind].free = free;
    } else if (thing) {
        free(thing);
    }
}
