import { PGlite } from '@electric-sql/pglite';

/**
 * How PGlite is started. With its 128 MB of shared buffers a thread took 292 MB for tables of a few.
 *
 * Commits are handed to the operating system and not forced to the disk (PGlite cannot): a process that is killed loses
 * nothing, a machine without power may lose the last seconds.
 */
export const START_PARAMETERS: string[] = [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB'];
