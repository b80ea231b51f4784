/* Existing outputs: convtool may replace what it wrote; anything else needs --force. */
#ifndef CT_APP_RUN_EXISTING_H
#define CT_APP_RUN_EXISTING_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Checks every output, and looks again at job->before; with --resume fills job->done. Refuses files
 * that this call may not replace: the error names the first, and says how many more there are.
 * Empty files, as mktemp makes them, may be replaced. */
bool app_existing_check(const app_call *call, const filter_chain *chain, app_jobs *jobs,
                        ct_error *err);

/* Whether convtool wrote the open file, and didn't just change somebody else's image in place,
 * which remains theirs. */
bool app_is_ours(int fd);

/* Whether the file is still the one seen: nobody has replaced or changed it. */
bool app_still_as_seen(const app_seen *seen, const struct stat *now);

/* Whether --resume found the output done, or --no-clobber keeps it: a file, or a link wherever it
 * leads. */
bool app_is_kept(const app_call *call, const app_job *job);

/* Whether --no-clobber keeps what has that name. */
bool app_no_clobber_keeps(const char *path);

#endif
