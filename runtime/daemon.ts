/**
 * The composition root: makes the engine's parts in order, and takes them apart in the opposite order.
 * Stopping leaves containers running; the next engine on the same root takes them over.
 */

import { join } from 'node:path';

import { makeFolder } from '../local/make-folder.ts';
import { ENDPOINTS } from './api/endpoints.ts';
import { makeHttpServer } from './api/http.ts';
import { openLog, type Log } from './log.ts';
import type { EngineOptions } from './options.ts';
import { startParts } from './parts.ts';
import { listenOnSocket, prepareSocket, removeIfThere } from './socket.ts';
import { lockRoot } from './store/root-lock.ts';

export interface Daemon {
  readonly log: Log;
  /** Closes the socket and every part; containers keep running. */
  stop(): Promise<void>;
  /** Threads hang at a file system that does not answer: an exit would wait for them. */
  readonly isHanging: () => boolean;
}

/** Starts an engine and answers once its socket does. @throws conflict when the root or the socket is taken */
export async function startDaemon(options: EngineOptions): Promise<Daemon> {
  makeFolder(options.root, { mode: 0o711, hint: 'choose another --root' });
  const lock = lockRoot(options.root);
  try {
    await prepareSocket(options.socketPath);
    return await startLocked(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: EngineOptions, lock: ReturnType<typeof lockRoot>): Promise<Daemon> {
  const log = openLog(join(options.root, 'engine.log'), (line) => process.stderr.write(line));
  const engine = await startParts(options, log);
  const server = makeHttpServer(ENDPOINTS, engine.parts, log);
  await listenOnSocket(server, options.socketPath, options.socketOwner).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  log.info(`listening on ${options.socketPath}, pid ${process.pid}`);
  return {
    log,
    isHanging: () => engine.parts.builds.looks.isHanging,
    stop: async () => {
      removeIfThere(options.socketPath);
      server.close();
      await engine.stopWork();
      server.closeAllConnections();
      await engine.close();
      log.info('stopped');
      lock.release();
    },
  };
}
