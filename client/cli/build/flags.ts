/** The flags that preview and build share, because the preview must be given what the build will be given. What they mean is in build-options.ts. */

import type { Command } from 'commander';

import { collect } from '../parse/quantity.ts';

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
