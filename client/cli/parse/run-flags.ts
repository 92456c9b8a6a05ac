/** The flags of `naru run` and `naru create`, as docker's CLI names them, into a container specification. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { ContainerSpec } from '../../driver/engine/container-spec.ts';
import { parsePort } from './port.ts';
import { collect, parseAssignments, parseBytes, parseNumber } from './quantity.ts';

export interface RunFlags {
  readonly name?: string;
  readonly detach?: boolean;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly rm?: boolean;
  readonly env: readonly string[];
  readonly label: readonly string[];
  readonly publish: readonly string[];
  readonly publishAll?: boolean;
  readonly volume: readonly string[];
  readonly tmpfs: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly hostname?: string;
  readonly entrypoint?: string;
  readonly network?: string;
  readonly networkAlias: readonly string[];
  readonly restart?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly pidsLimit?: string;
  readonly shmSize?: string;
  readonly privileged?: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly addHost: readonly string[];
  readonly dns: readonly string[];
  readonly init?: boolean;
  readonly readOnly?: boolean;
  readonly stopSignal?: string;
  readonly stopTimeout?: string;
  readonly platform?: string;
}

/** Declares the flags on a command; options end at the image, what follows is the container's command. */
export function addRunFlags(command: Command): Command {
  return command
    .passThroughOptions()
    .option('--name <name>', 'name of the container')
    .option('-i, --interactive', 'send our input')
    .option('-t, --tty', 'give it a terminal')
    .option('--rm', 'remove it when it ends')
    .option('-e, --env <name=value>', 'set a variable; NAME alone takes ours', collect, [])
    .option('-l, --label <name=value>', 'label it', collect, [])
    .option('-p, --publish <port>', '[ip:]hostPort:containerPort[/udp]', collect, [])
    .option('-P, --publish-all', 'publish every exposed port')
    .option('-v, --volume <volume>', 'name-or-path:/in/container[:ro]', collect, [])
    .option('--tmpfs <path>', 'a folder in memory', collect, [])
    .option('-u, --user <user>', 'user or uid, with :group')
    .option('-w, --workdir <dir>', 'directory inside the container')
    .option('-h, --hostname <name>', 'host name inside the container')
    .option('--entrypoint <command>', "instead of the image's")
    .option('--network <network>', 'bridge, none, host, container:NAME, or a network of yours')
    .option('--network-alias <name>', 'one more name on that network', collect, [])
    .option('--restart <policy>', 'no, always, unless-stopped or on-failure[:times]')
    .option('-m, --memory <size>', 'memory limit, such as 256m')
    .option('--cpus <number>', 'CPU limit, such as 1.5')
    .option('--pids-limit <number>', 'process limit')
    .option('--shm-size <size>', 'size of /dev/shm')
    .option('--privileged', 'with all capabilities and devices')
    .option('--cap-add <capability>', 'grant a capability', collect, [])
    .option('--cap-drop <capability>', 'take a capability', collect, [])
    .option('--security-opt <option>', 'such as no-new-privileges', collect, [])
    .option('--add-host <name:address>', 'one more line in /etc/hosts', collect, [])
    .option('--dns <address>', 'name server', collect, [])
    .option('--init', 'run a small init as process 1')
    .option('--read-only', 'read-only root filesystem')
    .option('--stop-signal <signal>', 'signal that stops it')
    .option('--stop-timeout <seconds>', 'wait this long before killing')
    .option('--platform <platform>', 'such as linux/arm64')
    .helpOption('--help', 'display help for command');
}

/** @throws NaruError "invalid-argument" naming the flag at fault */
export function specOf(
  image: string,
  args: readonly string[],
  flags: RunFlags,
  env: Readonly<Record<string, string | undefined>>,
): ContainerSpec {
  return withoutAbsent({
    image,
    name: flags.name,
    command: args.length > 0 ? args : undefined,
    entrypoint:
      flags.entrypoint === undefined ? undefined : flags.entrypoint === '' ? [] : [flags.entrypoint],
    env: [...parseAssignments(flags.env, env)].map(([name, value]) => `${name}=${value}`),
    labels: Object.fromEntries(
      parseAssignments(
        flags.label.map((label) => (label.includes('=') ? label : `${label}=`)),
        env,
      ),
    ),
    ports: flags.publish.flatMap(parsePort),
    publishesAll: flags.publishAll,
    binds: flags.volume.map(checkVolume),
    tmpfs: Object.fromEntries(flags.tmpfs.map(splitTmpfs)),
    user: flags.user,
    workingDirectory: flags.workdir,
    hostname: flags.hostname,
    network: flags.network,
    networkAliases: flags.networkAlias,
    isTty: flags.tty,
    hasStdin: flags.interactive,
    isRemovedOnExit: flags.rm,
    restart: flags.restart === undefined ? undefined : parseRestart(flags.restart),
    memoryBytes: flags.memory === undefined ? undefined : parseBytes('--memory', flags.memory),
    cpus: flags.cpus === undefined ? undefined : parseNumber('--cpus', flags.cpus),
    pidsLimit: flags.pidsLimit === undefined ? undefined : parseNumber('--pids-limit', flags.pidsLimit),
    shmBytes: flags.shmSize === undefined ? undefined : parseBytes('--shm-size', flags.shmSize),
    isPrivileged: flags.privileged,
    addedCapabilities: flags.capAdd,
    droppedCapabilities: flags.capDrop,
    securityOptions: flags.securityOpt,
    extraHosts: flags.addHost,
    dns: flags.dns,
    hasInit: flags.init,
    isRootReadonly: flags.readOnly,
    stopSignal: flags.stopSignal,
    stopTimeoutSeconds:
      flags.stopTimeout === undefined ? undefined : parseNumber('--stop-timeout', flags.stopTimeout),
    platform: flags.platform,
  });
}

/** Leaves out what was not said, so that the engine's defaults hold. */
function withoutAbsent(
  spec: { readonly [Key in keyof ContainerSpec]: ContainerSpec[Key] | undefined } & {
    readonly image: string;
  },
): ContainerSpec {
  const said = Object.entries(spec).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), image: spec.image };
}

/** A volume's source may be relative to here, as docker's CLI allows with `./`. */
function checkVolume(text: string): string {
  if (!text.startsWith('.')) return text;
  const at = text.indexOf(':');
  const source = at < 0 ? text : text.slice(0, at);
  return `${new URL(source, `file://${process.cwd()}/`).pathname.replace(/\/$/, '')}${at < 0 ? '' : text.slice(at)}`;
}

function splitTmpfs(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function parseRestart(text: string): { readonly name: string; readonly maxRetries: number } {
  const [name = '', retries = '0'] = text.split(':');
  if (!['no', 'always', 'unless-stopped', 'on-failure'].includes(name)) {
    throw new NaruError(
      'invalid-argument',
      'E_RESTART',
      `--restart: ${JSON.stringify(text)} is not a policy`,
      {
        hint: 'write no, always, unless-stopped or on-failure[:times]',
      },
    );
  }
  return { name, maxRetries: parseNumber('--restart', retries) };
}
