/** `--ulimit` as OCI rlimits, within what the engine itself may raise to (it may lack CAP_SYS_RESOURCE). */

import { NaruError } from '../../core/errors.ts';

export interface Rlimit {
  readonly type: string;
  readonly soft: number;
  readonly hard: number;
}

/** The names `docker run --ulimit` takes (setrlimit(2)). */
const NAMES: ReadonlySet<string> = new Set([
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
]);

/**
 * `hardLimits` holds the engine's own hard limits by OCI type; a missing one means no bound.
 * A value of -1 is "unlimited", as Docker's CLI sends it.
 *
 * @throws NaruError "invalid-argument" for an unknown name or soft > hard
 */
export function makeRlimits(
  ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[],
  hardLimits: ReadonlyMap<string, number>,
): readonly Rlimit[] {
  return ulimits.map((ulimit) => {
    if (!NAMES.has(ulimit.name)) {
      throw new NaruError('invalid-argument', 'E_ULIMIT', `invalid ulimit type: ${ulimit.name}`);
    }
    const type = `RLIMIT_${ulimit.name.toUpperCase()}`;
    const bound = hardLimits.get(type) ?? Number.MAX_SAFE_INTEGER;
    const hard = Math.min(unlimited(ulimit.hard), bound);
    const soft = Math.min(unlimited(ulimit.soft), bound);
    if (soft > hard) {
      const message = `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`;
      throw new NaruError('invalid-argument', 'E_ULIMIT', message);
    }
    return { type, soft, hard };
  });
}

function unlimited(value: number): number {
  // Invariant: numbers in config.json stay exact; the kernel's own infinity (2^64-1) is not a JS number.
  return value < 0 ? Number.MAX_SAFE_INTEGER : value;
}
