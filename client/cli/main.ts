/** The entry of `dist/naru.cjs`: the real terminal, and the process's exit code. */

import { processIo } from './io.ts';
import { runCli } from './run.ts';

/** As a shell tells that a program was ended by SIGPIPE, which is how docker's CLI ends then (28.5.2). Node itself ignores the signal. */
const SIGPIPE_STATUS = 128 + 13;

// The reader has seen enough, as in `naru logs | head`; any other failure to write is one to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`naru: cannot write the output: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? SIGPIPE_STATUS : 1);
});
process.stderr.on('error', () => undefined); // nobody is left to be told
const io = processIo();
process.exitCode = 1; // until a command says otherwise: one that waits for what never comes has not done its work
void runCli(process.argv.slice(2), io).then((code) => {
  process.exitCode = code; // runCli never rejects
  io.letGo();
});
