/** Keeps the floor compilable until its first file lands. */
export const placeholder = 'client/cli';
