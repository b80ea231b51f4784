/* The images below a directory. */
#ifndef CT_APP_RUN_TREE_H
#define CT_APP_RUN_TREE_H

#include "app/call/call.h"
#include "app/run/inputs.h"

typedef struct app_tree {
    const char *directory;
    size_t line;        /* of the list that names it; 0: none */
    const char *avoid;  /* a directory to leave out, as it is the outputs'; "": none */
    bool names_skipped; /* say what is skipped, one by one */
    int threads;        /* that look at files */
} app_tree;

/* Appends the images in the directory and those below it, in the order of their paths' bytes. Names
 * that begin with a dot are left out, links to directories aren't followed. What isn't an image, by
 * its first bytes, is counted as skipped. A directory that can't be read is said, and counted as
 * failed; a file that can't is appended, so that it fails when its turn comes. False: out of
 * memory. */
bool app_tree_walk(const app_tree *tree, app_inputs *inputs);

#endif
