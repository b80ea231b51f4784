#include "app/run/sight.h"

#include "app/run/samples.h"
#include "base/minmax.h"

/* A sheet of all channels, as --maps makes it. Whole numbers stay what they are. */
static bool plan_sheet(app_sight *sight, const app_call *call, const char *const *names,
                       ct_error *err) {
    app_call maps = *call;
    maps.maps = true;
    if (!app_view_plan(&sight->view, &maps, &sight->info, false, names, err)) {
        return false;
    }
    if (sight->info.sample != CODEC_F32) {
        sight->view.how.scaling = CODEC_UNSCALED;
    }
    return true;
}

bool app_sight_plan(app_sight *sight, const app_call *call, const codec_info *info, bool plain,
                    const char *const *names, int columns, ct_error *err) {
    *sight = (app_sight){.width = info->width, .height = info->height, .info = *info};
    sight->info.meta = (codec_meta){.srgb_intent = -1};
    if (plain && info->sample == CODEC_F32) {
        sight->info.white = app_output_white(call, codec_format_by_name("png"), info);
    }
    if (!codec_is_picture(info)) {
        if (!plan_sheet(sight, call, names, err)) {
            return false;
        }
        sight->width = sight->view.picture.width;
        sight->height = sight->view.picture.height;
    }
    sight->place = codec_terminal_place(call->terminal, sight->width, sight->height, columns);
    return true;
}

static const codec_info *shown(const app_sight *sight) {
    return sight->view.on ? &sight->view.picture : &sight->info;
}

uint64_t app_sight_memory(const app_sight *sight) {
    return codec_small_memory(shown(sight), ct_min(sight->place.width, sight->width),
                              ct_min(sight->place.height, sight->height)) +
           (sight->view.on ? sight->view.memory : 0);
}

codec_writer *app_sight_open(app_sight *sight, const app_call *call, ct_error *err) {
    sight->reduce =
        codec_create_small(shown(sight), ct_min(sight->place.width, sight->width),
                           ct_min(sight->place.height, sight->height), &sight->small, err);
    if (!sight->reduce || !sight->view.on) {
        return sight->reduce;
    }
    sight->sheet = codec_create_view(&sight->view.how, &sight->info, sight->view.sheet,
                                     &sight->reduce, call->limits.max_memory, err);
    return sight->sheet;
}

void app_sight_close(app_sight *sight) {
    codec_writer_free(sight->sheet);
    codec_writer_free(sight->reduce);
    app_view_free(&sight->view);
    sight->sheet = sight->reduce = NULL;
}

void app_sight_free(app_sight *sight) {
    app_sight_close(sight);
    codec_small_free(&sight->small);
}
