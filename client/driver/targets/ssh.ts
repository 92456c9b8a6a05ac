/** A Linux host over SSH: the engine installs itself there on first use and outlives the connection. */

import { NaruError } from '../../../core/errors.ts';
import { formatSshAddress, type SshAddress } from '../ssh/address.ts';
import { type BootstrapStage, bootstrapSshEngine } from '../ssh/bootstrap.ts';
import { bundleFolder } from './local/locate.ts';
import type { Target, TargetOptions } from './target.ts';

/** @throws NaruError as `bootstrapSshEngine` */
export async function openSshTarget(address: SshAddress, options: TargetOptions): Promise<Target> {
  const label = formatSshAddress(address);
  const hostDirectory = options.hostDirectory ?? (options.env['NARU_HOST_DIRECTORY'] || undefined);
  if (hostDirectory !== undefined && !hostDirectory.startsWith('/')) {
    throw new NaruError(
      'invalid-argument',
      'E_HOST_DIRECTORY',
      `NARU_HOST_DIRECTORY is ${JSON.stringify(hostDirectory)}, which is no absolute path on the host`,
      { hint: 'write it with a / at its beginning; ~ is the home on this machine, if anything' },
    );
  }
  const engine = await bootstrapSshEngine({
    address,
    dist: bundleFolder(),
    env: options.env,
    prompts: options.prompts,
    onStage: (stage) => options.onProgress?.(stageText(label, stage)),
    ...(hostDirectory === undefined ? {} : { hostDirectory }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return {
    kind: 'ssh',
    label,
    connect: engine.openApi,
    openPort: (port) => engine.openPort('127.0.0.1', port),
    closed: engine.connection.closed,
    async dispose() {
      engine.connection.close();
      await engine.connection.closed;
    },
  };
}

function stageText(host: string, stage: BootstrapStage): string {
  switch (stage.kind) {
    case 'connecting':
      return `connecting to ${host}`;
    case 'probing':
      return `looking at ${host}`;
    case 'sending':
      return `sending ${stage.progress.component} to ${host}: ${(stage.progress.sentBytes / 1e6).toFixed(1)} MB`;
    case 'waiting':
      return `waiting for ${stage.nBuilds} ${stage.nBuilds === 1 ? 'build' : 'builds'} on ${host} before its engine is replaced`;
    case 'starting':
      return `starting the engine on ${host}`;
  }
}
