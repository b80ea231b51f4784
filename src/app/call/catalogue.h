/* The catalogue, printed for people: the lists, and a page for each entry. */
#ifndef CT_APP_CALL_CATALOGUE_H
#define CT_APP_CALL_CATALOGUE_H

#include "filter/filter.h"

/* A line or two for each entry. */
void app_print_list(filter_list list);

/* Pages of the help. */
void app_print_stage(const filter_entry *stage);
void app_print_kernel(const filter_entry *kernel);
void app_print_bank(const filter_entry *bank);
void app_print_padding(const filter_entry *padding);
void app_print_window_arguments(void);

/* The arguments of this name, or that can have this value, each with the stages that take it; false
 * where there are none. */
bool app_print_argument_users(const char *word);

/* The stage's own argument that is the same as `argument`, so that it needn't be explained twice;
 * false where it has none. */
bool app_shared_argument(const filter_entry *stage, const filter_argument *argument,
                         filter_argument *out);

#endif
