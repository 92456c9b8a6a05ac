/** How Node is told to run an engine, wherever it is started. */

/**
 * Small young generations: what a build leaves behind is collected soon instead of being kept until there is more of it.
 * 150 MB instead of 171 at most for a new context of 2 GB, 250 instead of 380 for one of 20,000 files, for the same CPU time (Node 24.21, measured).
 */
export const ENGINE_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];
