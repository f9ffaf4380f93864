/*
 * Preloaded into a server under the address sanitizer. Its runtime starts at
 * the first malloc(): without this that is one of libp11-kit's, within libc's
 * newlocale(), whose lock the runtime's dlsym() leaves unbalanced. Whatever
 * takes that lock later, exit() among others, then sleeps for ever.
 *
 * Linked with -z initfirst, so that this comes before all constructors.
 */
#include <stdlib.h>

static void *volatile first;

__attribute__((constructor)) static void
start_sanitizer(void)
{
	first = malloc(1);
	free(first);
}
