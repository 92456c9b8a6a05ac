/** The engine process: reads options, starts the daemon, says when it answers, and stops on a signal. Wiring only. */

import { isErrorKind } from '../core/errors.ts';
import { NARU_VERSION } from '../core/version.ts';
import { startDaemon } from './daemon.ts';
import { readOptions, USAGE } from './options.ts';

/** Of who may read what it makes nothing is to depend on who started it. */
const UMASK = 0o022;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  // They may be files on a disk that is full, or pipes that nobody reads any more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.umask(UMASK);
  // The directory of whoever started it may be removed.
  process.chdir('/');
  const daemon = await startDaemon(options);
  // Only a bug arrives here. Containers and other clients are better off with an engine that goes on.
  process.on('unhandledRejection', (reason) => daemon.log.warn('unhandled rejection', reason));
  process.on('uncaughtException', (error) => daemon.log.warn('uncaught exception', error));
  let isStopping = false;
  function stop(): void {
    if (isStopping) return;
    isStopping = true;
    daemon.stop().then(
      () => {
        if (daemon.isHanging()) process.kill(process.pid, 'SIGKILL');
        process.exit(0);
      },
      (error: unknown) => fail(error, daemon.isHanging()),
    );
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => undefined); // a closed terminal must not stop the engine
  const ready = { event: 'ready', socket: options.socketPath, pid: process.pid, version: NARU_VERSION };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** An exit would wait for threads that hang. */
function fail(error: unknown, isHanging = false): never {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`engine: ${text}\n`);
  if (isHanging) process.kill(process.pid, 'SIGKILL');
  process.exit(isErrorKind(error, 'invalid-argument') ? 2 : 1);
}

main().catch((error: unknown) => fail(error));
