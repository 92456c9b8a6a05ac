/**
 * `naru engine`: the engine in the foreground. The CLI runs on any Node >= 20 and the engine on Node 24, so this hands over to another process.
 */

import { spawn } from 'node:child_process';

import type { Command } from 'commander';

import { locateEngine } from '../../driver/targets/local/locate.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';

export function addEngineCommand(program: Command, io: CliIo): void {
  program
    .command('engine')
    .description('run the engine in the foreground (Linux)')
    .requiredOption('--root <dir>', 'where images, containers and the cache are kept')
    .requiredOption('--listen <address>', 'unix://PATH of the socket')
    .option('--registry-mirror <url>', 'ask this registry first for images of Docker Hub')
    .allowExcessArguments(false)
    .action(async (options: { root: string; listen: string; registryMirror?: string }) => {
      const { node, script } = locateEngine(io.env);
      const args = [script, '--root', options.root, '--listen', options.listen];
      if (options.registryMirror) args.push('--registry-mirror', options.registryMirror);
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
