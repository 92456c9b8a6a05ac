/** The flags that preview and build share, because the preview must be given what the build will be given. */

import type { Command } from 'commander';

import {
  type BuildOptions,
  defaultBuildOptions,
  type Entitlement,
  ENTITLEMENTS,
} from '../../../core/build/options.ts';
import { NaruError } from '../../../core/errors.ts';
import { parsePlatform, type Platform } from '../../../core/oci/platform.ts';
import { collect, parseAssignments, parseBytes } from '../parse/quantity.ts';
import { parseUlimit } from '../parse/ulimit.ts';
import { readAgentFlag } from './agents.ts';
import { readBuildContexts } from './named-contexts.ts';

export interface BuildFlags {
  readonly file?: string;
  readonly target?: string;
  readonly buildArg: readonly string[];
  readonly platform?: string;
  readonly label: readonly string[];
  readonly cache: boolean;
  /** commander takes the `no-` of --no-cache-filter off. */
  readonly cacheFilter: readonly string[];
  readonly addHost: readonly string[];
  readonly network: string;
  readonly allow: readonly string[];
  readonly shmSize?: string;
  readonly ulimit: readonly string[];
  readonly cgroupParent?: string;
  readonly secret: readonly string[];
  readonly buildContext: readonly string[];
  readonly rewriteTimestamp: boolean;
  readonly ssh: readonly string[];
  readonly cacheFrom: readonly string[];
}

/** Declares the shared flags. */
export function addBuildFlags(command: Command): Command {
  return command
    .argument(
      '[context]',
      'files that the build may read: a folder, a git or http address, or - for stdin',
      '.',
    )
    .option('-f, --file <file>', 'Dockerfile (default: <context>/Dockerfile)')
    .option('--target <stage>', 'stage to build (default: the last one)')
    .option('--build-arg <name=value>', 'value of an ARG; NAME alone takes ours', collect, [])
    .option('--platform <platform>', 'such as linux/amd64')
    .option('--label <name=value>', 'label the image', collect, [])
    .option('--no-cache', 'run every step')
    .option('--no-cache-filter <stage>', 'run every step of this stage', collect, [])
    .option('--add-host <name:address>', 'one more line in /etc/hosts of RUN steps', collect, [])
    .option('--network <mode>', 'default, none or host, for RUN steps', 'default')
    .option('--allow <entitlement>', 'let steps ask for network.host or security.insecure', collect, [])
    .option('--shm-size <size>', 'size of /dev/shm in RUN steps')
    .option('--ulimit <name=soft[:hard]>', 'limit in RUN steps', collect, [])
    .option('--cgroup-parent <cgroup>', 'parent of the cgroups of RUN steps')
    .option(
      '--secret <id=name[,src=file|env=name]>',
      'file that RUN --mount=type=secret may read',
      collect,
      [],
    )
    .option(
      '--build-context <name=value>',
      'one more context: a folder, docker-image://NAME, oci-layout://FOLDER, a git or http address',
      collect,
      [],
    )
    .option('--ssh <id[=socket|key]>', 'SSH agent or keys that steps and git may use', collect, [])
    .option(
      '--no-rewrite-timestamp',
      'with SOURCE_DATE_EPOCH: leave the times of files as the steps made them, as buildx does unless told otherwise',
    )
    .option(
      '--cache-from <where>',
      'find steps there, too: type=local,src=DIR, or an image built with --cache-to type=inline',
      collect,
      [],
    );
}

/** @throws NaruError "invalid-argument" naming the flag at fault */
export function buildOptionsOf(
  flags: BuildFlags,
  engine: Platform,
  env: Readonly<Record<string, string | undefined>>,
): BuildOptions {
  const buildArgs = parseAssignments(flags.buildArg, env);
  const epoch = buildArgs.get('SOURCE_DATE_EPOCH') ?? env['SOURCE_DATE_EPOCH'];
  return {
    ...defaultBuildOptions(engine),
    ...(flags.platform === undefined ? {} : { platform: parsePlatform(flags.platform) }),
    ...(flags.target === undefined ? {} : { target: flags.target }),
    buildArgs,
    labels: parseLabels(flags.label),
    noCache: !flags.cache,
    noCacheFilter: flags.cacheFilter.flatMap((text) => text.split(',')),
    extraHosts: flags.addHost.map(parseHost),
    network: parseNetwork(flags.network),
    allowed: flags.allow.flatMap((text) => text.split(',')).map(parseEntitlement),
    ...(flags.shmSize === undefined ? {} : { shmSizeBytes: parseBytes('--shm-size', flags.shmSize) }),
    ulimits: flags.ulimit.map(parseUlimit),
    ...(flags.cgroupParent === undefined ? {} : { cgroupParent: flags.cgroupParent }),
    secretIds: flags.secret.map((text) => secretId(text)),
    sshIds: flags.ssh.map((text) => readAgentFlag(text).id),
    buildContexts: readBuildContexts(flags.buildContext),
    ...(epoch === undefined ? {} : { sourceDateEpoch: parseEpoch(epoch) }),
    ...(flags.rewriteTimestamp ? {} : { keepsFileTimes: true }),
  };
}

/** A name alone is a label without value, whatever the environment holds. */
function parseLabels(labels: readonly string[]): ReadonlyMap<string, string> {
  return parseAssignments(
    labels.map((text) => (text.includes('=') ? text : `${text}=`)),
    {},
  );
}

function parseHost(text: string): { readonly name: string; readonly address: string } {
  const match = /^([^:=]+)[:=](.+)$/.exec(text);
  if (match) return { name: match[1] ?? '', address: (match[2] ?? '').replace(/^\[(.*)\]$/, '$1') };
  throw new NaruError(
    'invalid-argument',
    'E_ADD_HOST',
    `--add-host: ${JSON.stringify(text)} is not name:address`,
  );
}

function parseNetwork(text: string): BuildOptions['network'] {
  if (text === 'default' || text === 'none' || text === 'host') return text;
  throw new NaruError(
    'invalid-argument',
    'E_NETWORK',
    `--network: ${JSON.stringify(text)} is not default, none or host`,
  );
}

function parseEntitlement(text: string): Entitlement {
  const known = ENTITLEMENTS.find((one) => one === text);
  if (known !== undefined) return known;
  throw new NaruError('invalid-argument', 'E_ALLOW', `unknown entitlement ${text}`, {
    hint: `one of ${ENTITLEMENTS.join(', ')}`,
  });
}

function parseEpoch(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new NaruError(
    'invalid-argument',
    'E_EPOCH',
    `SOURCE_DATE_EPOCH: ${JSON.stringify(text)} is not a number of seconds`,
  );
}

/** `id=name,src=file`: the fields of one --secret. */
export function secretFields(text: string): ReadonlyMap<string, string> {
  return parseAssignments(text.split(','), {});
}

function secretId(text: string): string {
  const id = secretFields(text).get('id');
  if (id !== undefined && id !== '') return id;
  throw new NaruError('invalid-argument', 'E_SECRET', `--secret: ${JSON.stringify(text)} has no id`, {
    hint: 'write --secret id=token,src=FILE',
  });
}
