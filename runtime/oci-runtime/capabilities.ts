/**
 * Which capabilities a container gets: Docker's default set, `--cap-add`, `--cap-drop` and `--privileged`.
 * Numbers and names follow capabilities(7); what the engine itself lacks cannot be given away and is left out.
 */

import { NaruError } from '../../core/errors.ts';

/** Index is the capability's number. */
const ALL_CAPABILITIES: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
];

/** The bits of 00000000a80425fb, which dockerd 28.5.2 gives by default. */
const DEFAULT_MASK = 0xa80425fbn;

export interface CapabilityRequest {
  readonly privileged: boolean;
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** Bit mask of what the engine may pass on: CapBnd of /proc/self/status. */
  readonly boundingMask: bigint;
}

/**
 * Names in order of their numbers.
 *
 * Docker: `ALL` in add beats `ALL` in drop; an explicit drop beats add of `ALL`.
 * @throws NaruError "invalid-argument" with Docker's words for an unknown name
 */
export function chooseCapabilities(request: CapabilityRequest): readonly string[] {
  const add = normalize(request.add, 'CapAdd');
  const drop = normalize(request.drop, 'CapDrop');
  return ALL_CAPABILITIES.filter((name, bit) => {
    if (((request.boundingMask >> BigInt(bit)) & 1n) === 0n) return false;
    if (request.privileged) return true;
    if (add.has('ALL')) return !drop.has(name);
    if (drop.has('ALL')) return add.has(name);
    const isDefault = ((DEFAULT_MASK >> BigInt(bit)) & 1n) === 1n;
    return add.has(name) || (isDefault && !drop.has(name));
  });
}

/** `chown`, `CHOWN` and `CAP_CHOWN` are the same. */
function normalize(names: readonly string[], field: string): ReadonlySet<string> {
  return new Set(
    names.map((name) => {
      const upper = name.toUpperCase();
      if (upper === 'ALL') return upper;
      const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
      if (ALL_CAPABILITIES.includes(full)) return full;
      throw new NaruError(
        'invalid-argument',
        'E_CAPABILITY',
        `invalid ${field}: unknown capability: "${full}"`,
      );
    }),
  );
}
