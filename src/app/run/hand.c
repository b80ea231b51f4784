#include "app/run/hand.h"

/* Bytes that may wait for another image. */
enum { KEPT_MOST = 2 << 20 };

app_hand app_hand_new(void) {
    return (app_hand){.codec = codec_keeper_new(), .flow = flow_keeper_new()};
}

/* The flow's plan is of these stages. */
static void drop(app_hand *hand) {
    flow_keeper_clear(hand->flow);
    filter_program_free(&hand->program);
    hand->lowered = false;
}

bool app_hand_take(app_hand *hand, const filter_image *image, filter_program *program) {
    if (!hand->lowered || !filter_same_image(&hand->image, image)) {
        drop(hand);
        return false;
    }
    *program = hand->program;
    hand->program = (filter_program){0};
    hand->lowered = false;
    return true;
}

void app_hand_give(app_hand *hand, const filter_image *image, filter_program *program) {
    hand->image = *image;
    hand->program = *program;
    hand->lowered = true;
    *program = (filter_program){0};
    if (flow_keeper_bytes(hand->flow) > KEPT_MOST) {
        drop(hand);
    }
}

void app_hand_free(app_hand *hand) {
    drop(hand);
    app_network_run_free(hand->network);
    flow_keeper_free(hand->flow);
    codec_keeper_free(hand->codec);
}
