/*
 * eachlabel: the table of labels, once more. Define the rows of interest (see
 * metrics/labels.def), include this; the others are empty, and none is left
 * defined. An application brings its own table by defining METRICS_LABELS on
 * the compiler's command line: a file in quotes.
 */
#ifndef METRICS_LABELS
#define METRICS_LABELS "metrics/labels.def"
#endif
#ifndef SET
#define SET(set)
#endif
#ifndef VALUE
#define VALUE(set, name, ...)
#endif
#ifndef END
#define END(set)
#endif
#ifndef RUNTIME
#define RUNTIME(set, most)
#endif
#ifndef LABEL
#define LABEL(label, set)
#endif
#ifndef LABEL_PAIR
#define LABEL_PAIR(label, set, second)
#endif

#include METRICS_LABELS

#undef SET
#undef VALUE
#undef END
#undef RUNTIME
#undef LABEL
#undef LABEL_PAIR
