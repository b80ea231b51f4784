#include "app/run/network.h"

#include "app/run/network_plan.h"

bool app_network_makes(const app_network *network, const codec_info *image, const app_call *call,
                       codec_info *made, ct_error *err) {
    network_plan plan;
    const bool ok = network_plan_make(&plan, network, image, call, err);
    if (ok) {
        *made = plan.made;
    }
    network_plan_free(&plan);
    return ok || ct_fail_at(err, "net:%s: ", network->stage.model);
}
