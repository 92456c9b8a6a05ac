/** A look at the context that the engine takes while this process is still getting ready. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { EngineConnection } from '../../driver/engine/connection.ts';
import type { ContextSource } from '../../driver/sync/context-source.ts';
import { askEngineToLook } from '../../driver/sync/engine-look.ts';
import type { Target } from '../../driver/targets/target.ts';
import type { CliIo } from '../io.ts';
import type { BuildFlags } from './flags.ts';

/** Undefined where the engine cannot, or where files may be ignored: it would look at too much. */
export function lookAhead(
  engine: EngineConnection,
  { kind }: Pick<Target, 'kind'>,
  contextPath: string,
  { file }: Pick<BuildFlags, 'file'>,
  { cwd }: Pick<CliIo, 'cwd'>,
): ContextSource['seen'] {
  const directory = resolve(cwd, contextPath);
  const isDockerfileElsewhere = file !== undefined && /^-$|^https?:\/\//.test(file);
  if (kind === 'ssh' || contextPath === '-' || isDockerfileElsewhere || !existsSync(directory))
    return undefined;
  const dockerfile = file === undefined ? join(directory, 'Dockerfile') : resolve(cwd, file);
  const isIgnoring = existsSync(join(directory, '.dockerignore')) || existsSync(`${dockerfile}.dockerignore`);
  return isIgnoring ? undefined : askEngineToLook(engine, directory);
}
