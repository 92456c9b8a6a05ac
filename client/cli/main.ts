/** The entry of `dist/naru.cjs`: the real terminal, and the process's exit code. */

import { processIo } from './io.ts';
import { runCli } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader has seen enough, as in `naru logs | head`
});
void runCli(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code; // runCli never rejects
});
