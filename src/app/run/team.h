/* Threads for networks, which stay from one task to the next. */
#ifndef CT_APP_RUN_TEAM_H
#define CT_APP_RUN_TEAM_H

#include "net/team.h"

/* `threads` of them, the caller's among them; fewer where the system has no more. NULL: out of
 * memory. */
typedef struct app_team app_team;
app_team *app_team_new(int threads);
void app_team_free(app_team *team);

/* For net_runner_new; valid as long as the team is. */
const net_team *app_team_net(const app_team *team);

#endif
