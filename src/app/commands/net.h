/* The command net: trained networks. */
#ifndef CT_APP_COMMANDS_NET_H
#define CT_APP_COMMANDS_NET_H

#include "app/call/command.h"

app_command_run app_net;

#endif
