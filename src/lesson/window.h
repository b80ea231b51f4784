/* How the engine came to one number. */
#ifndef CT_LESSON_WINDOW_H
#define CT_LESSON_WINDOW_H

#include "lesson/session.h"

/* Prints, as JSON, what engine stage `index` read and made for channel c of its output pixel x, y:
 * the window's cells with where each comes from, the weights, the products, their sums, and the
 * engine's own result. After lesson_run_chain with `keep`. */
bool lesson_explain(const lesson_session *s, int index, int x, int y, int c, ct_error *err);

/* The name of what the stage does, for the page's tables of words: "gradient", "gray". */
const char *lesson_rule(const conv_stage *stage);

#endif
