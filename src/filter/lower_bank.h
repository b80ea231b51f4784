/* A bank becomes a layer. Internal to src/filter. */
#ifndef CT_FILTER_LOWER_BANK_H
#define CT_FILTER_LOWER_BANK_H

#include "filter/lower_emit.h"
#include "filter/stages.h"

/* Appends the stage; the program's names are then those of its filters, if they have any. */
bool lower_bank(lowering *l, const filter_chain *chain, const chain_stage *stage);

/* How many channels the stage, a bank, must get; 0: others will do too. */
int lower_bank_channels(const chain_stage *stage);

/* Whether the stage, a bank, begins with the gray of colours. */
bool lower_bank_takes_gray(const chain_stage *stage, const filter_settings *settings);

#endif
