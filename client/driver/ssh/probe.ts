/**
 * Learns in one round trip what a host is, what it can do, and what of ours is already there.
 * Needs nothing on the host but sh, uname, id, df and grep.
 */

import { NaruError } from '../../../core/errors.ts';
import type { SshConnection } from './connection.ts';
import { runHostScript, shellQuote } from './host-script.ts';

export interface HostFacts {
  readonly os: string;
  readonly arch: 'x64' | 'arm64';
  readonly kernel: string;
  readonly uid: number;
  /** How the engine becomes root: it is, by sudo without a password, or not at all. */
  readonly root: 'self' | 'sudo' | 'none';
  /** Absolute folder of everything of ours on the host. */
  readonly home: string;
  readonly freeBytes: number;
  readonly freeInodes: number;
  /** What keeps files from being written below `home`, or programs there from being started; nothing may need either. */
  readonly obstacle: NaruError | undefined;
  readonly hasOverlay: boolean;
  readonly hasNft: boolean;
  readonly hasIp: boolean;
  /** Digests (hex) of installed components. */
  readonly installed: ReadonlySet<string>;
  /** The running engine, if it answers to its pid. */
  readonly engine: HostedEngine | undefined;
}

/** As the client that started it wrote it down. */
export interface HostedEngine {
  readonly pid: number;
  /** Digest (hex) of its component. */
  readonly component: string;
  /** Path of its socket on the host. */
  readonly socket: string;
  /** '' and 0 where a client of an earlier version wrote it down. */
  readonly version: string;
  readonly protocol: number;
  /** Unix seconds. */
  readonly builtAt: number;
}

/** `directory` replaces the default `~/.local/share/naru`. */
function probeScript(directory: string | undefined): string {
  const home = directory === undefined ? '"$HOME/.local/share/naru"' : shellQuote(directory);
  return `H=${home}
echo "os=$(uname -s)"; echo "machine=$(uname -m)"; echo "kernel=$(uname -r)"; echo "uid=$(id -u)"; echo "home=$H"
if [ "$(id -u)" = 0 ]; then echo root=self; elif sudo -n true 2>/dev/null; then echo root=sudo; else echo root=none; fi
P=$H; while [ ! -d "$P" ] && [ "$P" != / ]; do P=$(dirname "$P"); done
echo "freeKb=$(df -Pk "$P" 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d' ' -f4)"
echo "inodes=$(df -Pi "$P" 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d' ' -f2)"
echo "freeInodes=$(df -Pi "$P" 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d' ' -f4)"
T=$P/.naru-probe-$$; trap 'rm -f "$T"; exit 1' HUP PIPE TERM; if (umask 077; printf '#!/bin/sh\\nexit 0\\n' > "$T") 2>/dev/null; then echo writable=yes; chmod 700 "$T"; "$T" 2>/dev/null && echo execute=yes; elif [ -f "$T" ]; then echo full=yes; fi; rm -f "$T" 2>/dev/null
{ grep -qw overlay /proc/filesystems || { modprobe overlay || sudo -n modprobe overlay; } 2>/dev/null; } && echo overlay=yes
echo "lacks=$(PATH="$PATH:/usr/local/bin:/usr/bin:/bin"; for t in tar gzip sha256sum; do command -v $t >/dev/null || printf "$t "; done)"
command -v nft >/dev/null && echo nft=yes
command -v ip >/dev/null && echo ip=yes
[ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ] && echo glibc=yes
echo "installed=$(ls "$H/store" 2>/dev/null | tr '\\n' ' ')"
if [ -f "$H/run/engine" ]; then version=; protocol=; builtAt=; . "$H/run/engine"; grep -q engine.cjs "/proc/$pid/cmdline" 2>/dev/null && [ -S "$socket" ] && { echo "enginePid=$pid"; echo "engineComponent=$component"; echo "engineSocket=$socket"; echo "engineVersion=$version"; echo "engineProtocol=$protocol"; echo "engineBuiltAt=$builtAt"; }; fi`;
}

/**
 * @throws NaruError "unavailable" with one clear sentence when the host can't be used: not Linux, an architecture we have no engine for, no glibc
 */
export async function probeHost(connection: SshConnection, directory?: string): Promise<HostFacts> {
  const facts = await runHostScript(connection, probeScript(directory));
  const host = connection.options.label;
  const get = (key: string): string => facts.get(key) ?? '';
  const home = get('home');
  refuseUnusable(host, get);
  const enginePid = Number(get('enginePid'));
  return {
    os: get('os'),
    arch: archOf(get('machine'), host),
    kernel: get('kernel'),
    uid: Number(get('uid')),
    root: rootOf(get('root')),
    home,
    freeBytes: Number(get('freeKb')) * 1024,
    freeInodes: Number(get('freeInodes')) || Number.POSITIVE_INFINITY,
    obstacle: obstacleOf(host, home, get),
    hasOverlay: get('overlay') === 'yes',
    hasNft: get('nft') === 'yes',
    hasIp: get('ip') === 'yes',
    installed: new Set(
      get('installed')
        .split(' ')
        .filter((name) => name !== ''),
    ),
    engine:
      enginePid > 0
        ? {
            pid: enginePid,
            component: get('engineComponent'),
            socket: get('engineSocket'),
            version: get('engineVersion'),
            protocol: Number(get('engineProtocol')),
            builtAt: Number(get('engineBuiltAt')),
          }
        : undefined,
  };
}

function refuseUnusable(host: string, get: (key: string) => string): void {
  if (get('os') !== 'Linux') {
    throw unusable(
      'E_HOST_OS',
      `${host} runs ${get('os') || 'an unknown system'}`,
      'Naru runs containers on Linux hosts only',
    );
  }
  if (get('glibc') !== 'yes') {
    throw unusable(
      'E_HOST_LIBC',
      `${host} has no glibc`,
      'hosts with musl, such as Alpine, are not supported yet',
    );
  }
}

function obstacleOf(host: string, home: string, get: (key: string) => string): NaruError | undefined {
  const lacks = get('lacks').trim().split(' ').join(', ');
  if (lacks !== '')
    return unusable(
      'E_HOST_TOOLS',
      `${host} lacks what unpacks Naru there: ${lacks}`,
      'install the packages tar, gzip and coreutils there',
    );
  // btrfs, /proc and others count none.
  const hasNoInodes = get('freeInodes') === '0' && get('inodes') !== '0';
  // A file that can be made but not written is what a full disk, or a used-up quota, leaves.
  if (get('full') === 'yes' || (get('writable') !== 'yes' && hasNoInodes))
    return unusable(
      'E_HOST_SPACE',
      `the disk of ${host} is full at ${home}`,
      'free some space there: another folder, with NARU_HOST_DIRECTORY, would be another engine',
    );
  if (get('writable') !== 'yes')
    return unusable(
      'E_HOST_WRITE',
      `nothing can be written to ${home} on ${host}`,
      'name another folder on the host with NARU_HOST_DIRECTORY',
    );
  if (get('execute') !== 'yes')
    return unusable(
      'E_HOST_NOEXEC',
      `programs can't be started from ${home} on ${host} (mounted noexec)`,
      'name another folder on the host with NARU_HOST_DIRECTORY',
    );
  return undefined;
}

function archOf(machine: string, host: string): 'x64' | 'arm64' {
  if (machine === 'x86_64') return 'x64';
  if (machine === 'aarch64') return 'arm64';
  throw unusable(
    'E_HOST_ARCH',
    `${host} is a ${machine || 'machine of unknown architecture'}`,
    'Naru has engines for x86_64 and aarch64',
  );
}

function rootOf(text: string): HostFacts['root'] {
  return text === 'self' || text === 'sudo' ? text : 'none';
}

function unusable(code: string, message: string, hint: string): NaruError {
  return new NaruError('unavailable', code, message, { hint });
}
