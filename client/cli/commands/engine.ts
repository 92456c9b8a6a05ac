/**
 * `naru engine`: the engine in the foreground. The CLI runs on any Node >= 20 and the engine on Node 24, so this hands over to another process.
 */

import { spawn } from 'node:child_process';

import type { Command } from 'commander';

import { ENGINE_NODE_FLAGS } from '../../driver/engine-flags.ts';
import { locateEngine } from '../../driver/targets/local/locate.ts';
import { localPlaces } from '../../driver/targets/local/places.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';

interface EngineFlags {
  readonly root?: string;
  readonly listen?: string;
  readonly registryMirror?: string;
  readonly cacheSize?: string;
  readonly cacheAge?: string;
}

export function addEngineCommand(program: Command, io: CliIo): void {
  const { NARU_ROOT: _root, NARU_SOCKET: _socket, ...others } = io.env;
  const places = localPlaces(others);
  program
    .command('engine')
    .description('run the engine in the foreground (Linux)')
    .option(
      '--root <dir>',
      `where images, containers and the cache are kept (default: $NARU_ROOT, else ${places.root})`,
    )
    .option(
      '--listen <address>',
      `unix://PATH of the socket (default: $NARU_SOCKET, else unix://${places.socket})`,
    )
    .option(
      '--registry-mirror <url>',
      'registry to ask first for images of Docker Hub, once registries are supported',
    )
    .option(
      '--cache-size <size>',
      'build cache that no image has may take so much (default: a tenth of the disk; 0: no limit)',
    )
    .option(
      '--cache-age <duration>',
      'build cache that no build used for so long goes (default: 1440h; 0: no limit)',
    )
    .allowExcessArguments(false)
    .action(async (options: EngineFlags) => {
      const chosen = localPlaces(io.env);
      const { node, script } = locateEngine(io.env);
      const { root = chosen.root, listen = `unix://${chosen.socket}` } = options;
      const args = [...ENGINE_NODE_FLAGS, script, '--root', root, '--listen', listen];
      if (options.registryMirror) args.push('--registry-mirror', options.registryMirror);
      if (options.cacheSize) args.push('--cache-size', options.cacheSize);
      if (options.cacheAge) args.push('--cache-age', options.cacheAge);
      const child = spawn(node, args, { stdio: 'inherit' });
      const stop = (): void => void child.kill('SIGTERM');
      io.signal.addEventListener('abort', stop, { once: true });
      const code = await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (exitCode, signal) => resolve(exitCode ?? (signal ? 1 : 0)));
      });
      throw new ExitWith(code);
    });
}
