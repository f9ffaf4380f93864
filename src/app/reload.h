/*
 * reload: SIGHUP reads the certificate again, without losing a connection.
 *
 * Workers may have neither the rights nor the root to read the files, so they
 * ask the parent, which reads the pair into memory that all share; each
 * worker takes it into use within a second, at its next pulse.
 */
#ifndef APP_RELOAD_H
#define APP_RELOAD_H

/* reload_listen(): answer the workers' questions. Context parent, before the
 * workers are forked. */
void reload_listen(void);

/* reload_ask(): ask the parent to read the pair again. Context worker. */
void reload_ask(void);

#endif
