/**
 * Whether the engine that runs on a host is used as it is, or replaced by the one that this client brings.
 * Between any two engines one is newer, and the newer stays: colleagues with different versions never take turns at replacing it
 * (docs/decisions/0060-engines-on-hosts.md).
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import { ENGINE_PROTOCOL, NARU_VERSION } from '../../../../core/version.ts';
import type { HostedEngine } from '../probe.ts';

/** What this client would start. */
export interface OwnEngine {
  /** Digest (hex) of its component. */
  readonly component: string;
  readonly version: string;
  readonly protocol: number;
  /** Unix seconds; tells apart what is built from one version. */
  readonly builtAt: number;
}

/** `dist` is the folder of the running bundle. */
export function ownEngine(dist: string, component: string): OwnEngine {
  const builtAt = Math.floor(statSync(join(dist, 'engine.cjs')).mtimeMs / 1000);
  return { component, version: NARU_VERSION, protocol: ENGINE_PROTOCOL, builtAt };
}

/** @throws NaruError "unavailable" E_HOST_NEWER when the engine that runs is newer, and not to be spoken to by this client */
export function chooseEngine(running: HostedEngine, own: OwnEngine, host: string): 'use' | 'replace' {
  if (running.component === own.component) return 'use';
  if (compare(running, own) < 0) return 'replace';
  if (running.protocol === own.protocol) return 'use';
  throw new NaruError(
    'unavailable',
    'E_HOST_NEWER',
    `the engine on ${host} is newer (${running.version}) than this client (${own.version}) can speak to`,
    { hint: 'update Naru here' },
  );
}

/** Negative when `a` is older. */
function compare(
  a: Pick<OwnEngine, 'version' | 'builtAt'>,
  b: Pick<OwnEngine, 'version' | 'builtAt'>,
): number {
  const [left, right] = [numbersOf(a.version), numbersOf(b.version)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.builtAt - b.builtAt;
}

/** None for ''. */
function numbersOf(version: string): readonly number[] {
  return (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}
