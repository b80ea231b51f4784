/* convtool net with pictures: filtered, or what they show. */
#ifndef CT_APP_COMMANDS_NET_PICTURES_H
#define CT_APP_COMMANDS_NET_PICTURES_H

#include "app/call/command.h"

/* Whether the operands behind the model are pictures, not tensors of inputs. */
bool app_net_names_pictures(const app_call *call);

/* Runs the call; returns the exit status. */
int app_net_pictures(const app_call *call, const app_commands *commands);

#endif
