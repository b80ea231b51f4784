/* The threads of one pass: they take bands until there are no more. Internal to src/flow. */
#ifndef CT_FLOW_CREW_H
#define CT_FLOW_CREW_H

#include "flow/pass.h"

/* Runs `of->jobs` threads, the calling one among them, on a bench that is laid; fewer where the
 * system refuses one. Fills the report's statistics and times, and after a failure from_writer. */
bool flow_crew_run(const flow_pass *pass, const flow_bench_of *of, flow_bench *bench,
                   flow_report *report, ct_error *err);

#endif
