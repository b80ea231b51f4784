/* Tries that may crash or hang, each watched by a process that outlives it. */
#ifndef CT_TESTS_FUZZ_WATCHED_H
#define CT_TESTS_FUZZ_WATCHED_H

/* Does try(context, i) for i from 0 to count - 1 in child processes, one after the other: one that
 * dies, or takes more than `seconds` for one i, is replaced, and the rest goes on. Reports which i
 * failed, by `name`, and returns how many did. */
int watched(int count, unsigned seconds, void (*try)(void *context, int i),
            void (*name)(void *context, int i), void *context);

#endif
