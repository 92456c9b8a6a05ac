/** The flags of `naru run` and `naru create`, under the names that docker's CLI gives them. */

import { type Command, Option } from 'commander';

import { collect } from './quantity.ts';

export interface RunFlags {
  readonly addHost: readonly string[];
  readonly annotation: readonly string[];
  readonly attach: readonly string[];
  readonly blkioWeight?: string;
  readonly blkioWeightDevice: readonly string[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly cgroupParent?: string;
  readonly cgroupns?: string;
  readonly cidfile?: string;
  readonly cpuPeriod?: string;
  readonly cpuQuota?: string;
  readonly cpuShares?: string;
  readonly cpus?: string;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly detach?: boolean;
  readonly detachKeys?: string;
  readonly device: readonly string[];
  readonly deviceCgroupRule: readonly string[];
  readonly deviceReadBps: readonly string[];
  readonly deviceReadIops: readonly string[];
  readonly deviceWriteBps: readonly string[];
  readonly deviceWriteIops: readonly string[];
  readonly dns: readonly string[];
  readonly dnsOption: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly domainname?: string;
  readonly entrypoint?: string;
  readonly env: readonly string[];
  readonly envFile: readonly string[];
  readonly expose: readonly string[];
  readonly gpus?: string;
  readonly groupAdd: readonly string[];
  readonly healthCmd?: string;
  readonly healthInterval?: string;
  readonly healthRetries?: string;
  readonly healthStartInterval?: string;
  readonly healthStartPeriod?: string;
  readonly healthTimeout?: string;
  /** commander takes the `no-` of --no-healthcheck off. */
  readonly healthcheck: boolean;
  readonly hostname?: string;
  readonly init?: boolean;
  readonly interactive?: boolean;
  readonly ip?: string;
  readonly ip6?: string;
  readonly ipc?: string;
  readonly label: readonly string[];
  readonly labelFile: readonly string[];
  readonly link: readonly string[];
  readonly logDriver?: string;
  readonly logOpt: readonly string[];
  readonly macAddress?: string;
  readonly memory?: string;
  readonly memoryReservation?: string;
  readonly memorySwap?: string;
  readonly memorySwappiness?: string;
  readonly mount: readonly string[];
  readonly name?: string;
  readonly network: readonly string[];
  readonly networkAlias: readonly string[];
  /** As `network`, `networkAlias` and `dnsOption`. */
  readonly net: readonly string[];
  readonly netAlias: readonly string[];
  readonly dnsOpt: readonly string[];
  readonly oomKillDisable?: boolean;
  readonly oomScoreAdj?: string;
  readonly pid?: string;
  readonly pidsLimit?: string;
  readonly platform?: string;
  readonly privileged?: boolean;
  readonly publish: readonly string[];
  readonly publishAll?: boolean;
  readonly pull: PullPolicy;
  readonly quiet?: boolean;
  readonly readOnly?: boolean;
  readonly restart?: string;
  readonly rm?: boolean;
  readonly runtime?: string;
  readonly securityOpt: readonly string[];
  readonly shmSize?: string;
  readonly sigProxy: boolean;
  readonly stopSignal?: string;
  readonly stopTimeout?: string;
  readonly sysctl: readonly string[];
  readonly tmpfs: readonly string[];
  readonly tty?: boolean;
  readonly ulimit: readonly string[];
  readonly user?: string;
  readonly userns?: string;
  readonly uts?: string;
  readonly volume: readonly string[];
  readonly volumeDriver?: string;
  readonly volumesFrom: readonly string[];
  readonly workdir?: string;
}

const PULL_POLICIES = ['always', 'missing', 'never'] as const;
export type PullPolicy = (typeof PULL_POLICIES)[number];

/** Declares the flags on a command; options end at the image, what follows is the container's command. */
export function addRunFlags(command: Command): Command {
  command
    .passThroughOptions()
    .helpOption('--help', 'display help for command')
    .option('--name <name>', 'name of the container')
    .option('-i, --interactive', 'send our input')
    .option('-t, --tty', 'give it a terminal')
    .option('--rm', 'remove it when it ends')
    .option('-e, --env <name=value>', 'set a variable; NAME alone takes ours', collect, [])
    .option('--env-file <file>', 'set the variables of a file, one NAME=value a line', collect, [])
    .option('-p, --publish <port>', '[ip:]hostPort:containerPort[/udp]', collect, [])
    .option('-P, --publish-all', 'publish every exposed port')
    .option('--expose <port>', 'one more exposed port', collect, [])
    .option('-v, --volume <volume>', 'name-or-path:/in/container[:ro]', collect, [])
    .option('--mount <mount>', 'type=bind|volume|tmpfs,source=…,target=…[,readonly]', collect, [])
    .option('--tmpfs <path>', 'a folder in memory', collect, [])
    .option('--volumes-from <container>', 'the volumes of another container', collect, [])
    .option('-u, --user <user>', 'user or uid, with :group')
    .option('--group-add <group>', 'one more group of the user', collect, [])
    .option('-w, --workdir <dir>', 'directory inside the container')
    .option('--entrypoint <command>', "instead of the image's")
    .option('--init', 'run a small init as process 1')
    .option('--restart <policy>', 'no, always, unless-stopped or on-failure[:times]')
    .option('--stop-signal <signal>', 'signal that stops it')
    .option('--stop-timeout <seconds>', 'wait this long before killing')
    .option('-l, --label <name=value>', 'label it', collect, [])
    .option('--label-file <file>', 'the labels of a file, one NAME=value a line', collect, [])
    .option('--platform <platform>', 'such as linux/arm64')
    .addOption(
      new Option('--pull <when>', 'when to fetch the image').choices(PULL_POLICIES).default('missing'),
    )
    .option('-q, --quiet', 'say nothing about fetching the image')
    .option('--cidfile <file>', 'write the id to a file');
  addNetworkFlags(command);
  addLimitFlags(command);
  addSecurityFlags(command);
  return addHealthFlags(command);
}

function addNetworkFlags(command: Command): void {
  command
    .option(
      '--network <network>',
      'bridge, none, host, container:NAME, or a network of yours; may be repeated, also as name=NAME,alias=A,ip=ADDRESS',
      collect,
      [],
    )
    .option('--network-alias <name>', 'one more name on that network', collect, [])
    .option('--ip <address>', 'its address on that network')
    .option('--ip6 <address>', 'its IPv6 address on that network; there are no IPv6 networks yet')
    .option('--mac-address <address>', 'its hardware address')
    .option('-h, --hostname <name>', 'host name inside the container')
    .option('--domainname <name>', 'domain name inside the container')
    .option('--add-host <name:address>', 'one more line in /etc/hosts', collect, [])
    .option('--dns <address>', 'name server', collect, [])
    .option('--dns-option <option>', 'option of the resolver', collect, [])
    .option('--dns-search <domain>', 'domain in which short names are looked for', collect, [])
    .option('--link <container>', 'another container under its name', collect, [])
    // Docker: not in its help either, and in many scripts.
    .addOption(new Option('--net <network>', 'as --network').argParser(collect).default([]).hideHelp())
    .addOption(
      new Option('--net-alias <name>', 'as --network-alias').argParser(collect).default([]).hideHelp(),
    )
    .addOption(new Option('--dns-opt <option>', 'as --dns-option').argParser(collect).default([]).hideHelp());
}

function addLimitFlags(command: Command): void {
  command
    .option('-m, --memory <size>', 'memory limit, such as 256m')
    .option('--memory-swap <size>', 'memory and swap together; -1: no limit')
    .option('--memory-swappiness <number>', 'how readily its memory is swapped, 0 to 100 (cgroup v1)')
    .option('--memory-reservation <size>', 'memory it may keep when memory is short')
    .option('--cpus <number>', 'CPU limit, such as 1.5')
    .option('-c, --cpu-shares <number>', 'weight beside other containers')
    .option('--cpu-period <microseconds>', 'period in which the quota counts')
    .option('--cpu-quota <microseconds>', 'CPU time in a period')
    .option('--cpuset-cpus <list>', 'CPUs it may use, such as 0-3')
    .option('--cpuset-mems <list>', 'memory nodes it may use')
    .option('--blkio-weight <number>', 'weight of its disk traffic, 10 to 1000')
    .option('--blkio-weight-device <device:number>', 'that weight for one device', collect, [])
    .option('--device-read-bps <device:rate>', 'read no more a second, such as /dev/sda:1mb', collect, [])
    .option('--device-write-bps <device:rate>', 'write no more a second', collect, [])
    .option('--device-read-iops <device:number>', 'no more reads a second', collect, [])
    .option('--device-write-iops <device:number>', 'no more writes a second', collect, [])
    .option('--pids-limit <number>', 'process limit; -1: none')
    .option('--shm-size <size>', 'size of /dev/shm')
    .option('--ulimit <name=soft[:hard]>', 'limit of its processes, such as nofile=1024', collect, [])
    .option('--oom-kill-disable', 'wait instead of killing when memory is out')
    .option('--oom-score-adj <number>', 'how readily it is killed when memory is out, -1000 to 1000');
}

function addSecurityFlags(command: Command): void {
  command
    .option('--privileged', 'with all capabilities and devices')
    .option('--cap-add <capability>', 'grant a capability', collect, [])
    .option('--cap-drop <capability>', 'take a capability', collect, [])
    .option('--security-opt <option>', 'such as no-new-privileges', collect, [])
    .option('--read-only', 'read-only root filesystem')
    .option('--device <device>', 'a device of the host: /dev/x[:/dev/y[:rwm]]', collect, [])
    .option('--device-cgroup-rule <rule>', 'which devices it may use, such as "c 1:3 rwm"', collect, [])
    .option('--gpus <devices>', 'refused: not supported yet')
    .option('--sysctl <name=value>', 'a kernel parameter of its own', collect, [])
    .option('--pid <mode>', 'processes it sees: host, or container:NAME')
    .option('--ipc <mode>', 'shared memory it sees: private, shareable, host, or container:NAME')
    .option('--uts <mode>', 'host: the host name of the host')
    .option('--userns <mode>', 'user namespace')
    .option('--cgroupns <mode>', 'cgroup namespace: host or private')
    .option('--cgroup-parent <cgroup>', 'parent of its cgroup')
    .option('--annotation <name=value>', 'for the runtime', collect, [])
    .option('--runtime <runtime>', 'another runtime')
    .option('--volume-driver <driver>', 'driver of volumes made by -v')
    .option('--log-driver <driver>', 'json-file, local or none')
    .option('--log-opt <name=value>', 'option of the log driver', collect, []);
}

function addHealthFlags(command: Command): Command {
  return command
    .option('--health-cmd <command>', 'command that tells whether it is healthy')
    .option('--health-interval <duration>', 'between two checks, such as 30s')
    .option('--health-timeout <duration>', 'for one check')
    .option('--health-retries <number>', 'failures in a row that make it unhealthy')
    .option('--health-start-period <duration>', 'in which failures do not count')
    .option('--health-start-interval <duration>', 'between two checks in that period')
    .option('--no-healthcheck', "without the image's check");
}

/** The flags of a terminal on a container: `run`, `start` and `attach`. */
export function addAttachFlags(command: Command): Command {
  return command
    .option('--detach-keys <keys>', 'keys that leave it running, such as ctrl-p,ctrl-q')
    .option('--sig-proxy', 'pass signals on to it', true)
    .option('--no-sig-proxy', 'keep signals for ourselves');
}
