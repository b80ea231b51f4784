#include "flow/meter.h"

#include "base/clock.h"
#include "base/minmax.h"

void flow_meter_start(flow_meter *meter, bool on) {
    *meter = (flow_meter){.on = on};
    if (on) {
        meter->start = ct_clock();
        meter->busy = meter->last = ct_clock_thread();
    }
}

double flow_meter_lap(flow_meter *meter, double *seconds) {
    if (!meter->on) {
        return 0;
    }
    const double now = ct_clock_thread(), lap = now - meter->last;
    meter->last = now;
    *seconds += lap;
    return lap;
}

double flow_meter_waited(const flow_meter *meter) {
    if (!meter->on) {
        return 0;
    }
    const double waited = ct_clock() - meter->start - (ct_clock_thread() - meter->busy);
    return waited > 0 ? waited : 0; /* the two clocks tick apart */
}

static void add_seconds(flow_seconds *total, const flow_seconds *more) {
    total->decoding += more->decoding;
    total->computing += more->computing;
    total->encoding += more->encoding;
    total->waiting += more->waiting;
}

void flow_times_worker(flow_times *times, int i, const flow_seconds *seconds) {
    times->workers = ct_max(times->workers, i + 1);
    add_seconds(&times->all, seconds);
    if (i < FLOW_TOLD) {
        add_seconds(&times->worker[i], seconds);
    }
}

void flow_times_add(flow_times *times, const flow_times *more) {
    times->workers = ct_max(times->workers, more->workers);
    for (int i = 0; i < FLOW_TOLD && i < more->workers; i++) {
        add_seconds(&times->worker[i], &more->worker[i]);
    }
    add_seconds(&times->all, &more->all);
    times->serial += more->serial;
}

double flow_busy(const flow_seconds *seconds) {
    return seconds->decoding + seconds->computing + seconds->encoding;
}
