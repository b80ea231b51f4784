/* The numbers that `compare --diff` prints. */
#ifndef CT_APP_COMMANDS_COMPARE_NUMBERS_H
#define CT_APP_COMMANDS_COMPARE_NUMBERS_H

#include "app/commands/compare_chains.h"
#include "app/commands/compare_pictures.h"
#include "flow/similar.h"

/* A chain's result beside the reference. */
typedef struct compare_numbers {
    bool known; /* they have one shape; else nothing else counts */
    flow_similarity similar;
} compare_numbers;

/* A caption for the picture of the difference: "difference: 31.22 dB, SSIM 0.981". */
enum { COMPARE_CAPTION = 64 };
void compare_caption(const compare_numbers *numbers, char caption[COMPARE_CAPTION]);

/* Prints a table, or a line of JSON. `reference` names what the others were compared with: a
 * chain's number, or -1: the original. `numbers` is NULL without --diff; the same for `results` and
 * the chains. */
void compare_print_table(const compare_chains *chains, const compare_numbers *numbers,
                         int reference);
void compare_print_json(const char *input, const char *output, const compare_chains *chains,
                        const compare_picture *results, const compare_numbers *numbers,
                        int reference);

#endif
