/** The life of one container, from `docker run -d` to `docker rm`, with Docker's own command line. */

import { busyboxArchive } from '../../scripts/base-images.ts';
import { runCliTable, type CliCase } from '../support/cli-table.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

const SCRIPT =
  'trap "echo got-term; exit 5" TERM; echo one; echo two >&2; mkdir /www; echo page > /www/index.html; while :; do sleep 0.1; done';

/** As dockerd 28.5.2 with containerd 2.1 says it; older ones add ": unknown" at the end. */
const CANNOT_EXEC = 'OCI runtime exec failed: exec failed: unable to start container process:';

const RUNNING: readonly CliCase[] = [
  {
    docker: ['run', '-d', '--name', 'box', '--label', 'k=v', '-e', 'X=1', 'busybox', 'sh', '-c', SCRIPT],
    out: /^[0-9a-f]{64}$/,
  },
  { docker: ['ps', '--filter', 'name=box', '--format', '{{.Names}} {{.State}}'], out: 'box running' },
  { docker: ['ps', '--filter', 'label=k=v', '--format', '{{.Names}}'], out: 'box' },
  { docker: ['ps', '--filter', 'label=k=w', '--format', '{{.Names}}'], out: '' },
  { docker: ['ps', '--format', '{{.Status}}'], out: /^Up / },
  { docker: ['inspect', '-f', '{{.State.Running}} {{index .Config.Env 0}}', 'box'], out: 'true X=1' },
  { docker: ['inspect', '-f', '{{.Name}}', 'box'], out: '/box' },
  { shell: 'until docker logs box 2>&1 | grep -q two; do :; done' },
  { docker: 'logs box', out: 'one', err: 'two' },
  { docker: 'logs --tail 0 box', out: '' },
  { docker: 'logs -t box', out: /^20[0-9-]+T[0-9:.]+Z one$/ },
  { docker: ['logs', '--until', '10m', 'box'], out: '' },
  {
    name: 'logs -f follows',
    shell: `docker exec box sh -c 'echo later > /proc/1/fd/1'; timeout 5 docker logs -f box 2>/dev/null | grep -m1 later`,
    out: 'later',
  },
  { docker: ['exec', 'box', 'sh', '-c', 'echo $X'], out: '1' },
  { docker: ['exec', 'box', 'sh', '-c', 'exit 9'], status: 9 },
  {
    name: 'a restart does not trigger --rm, the end does',
    shell:
      'docker run -d --rm --name again busybox sleep 1008 >/dev/null && docker restart -t 0 again && docker inspect -f "{{.State.Status}}" again && docker stop -t 0 again; until [ -z "$(docker ps -aq --filter name=again)" ]; do :; done',
    out: 'again\nrunning\nagain',
  },
  ...[
    { command: ['nosuch'], status: 127, why: 'exec: "nosuch": executable file not found in $PATH' },
    { command: ['/no/such'], status: 127, why: 'exec: "/no/such": stat /no/such: no such file or directory' },
    { command: ['/etc/passwd'], status: 126, why: 'exec: "/etc/passwd": permission denied' },
    // Which of two texts depends on runc's version.
    { command: ['/etc'], status: 126, why: undefined },
    {
      command: ['-w', '/no', 'true'],
      status: 127,
      why: 'chdir to cwd ("/no") set in config.json failed: no such file or directory',
    },
  ].map(({ command, status, why }) => ({
    docker: ['exec', ...command.slice(0, -1), 'box', ...command.slice(-1)],
    status,
    ...(why === undefined ? {} : { out: `${CANNOT_EXEC} ${why}\r`, err: '' }),
  })),
  {
    name: 'an exec that fails says so once',
    shell:
      'for n in 1 2 3 4 5 6 7 8; do docker exec box nosuch 2>&1; done | grep -vc "^OCI runtime exec failed"',
    status: 1,
    out: '0',
  },
  {
    docker: 'exec -d box nosuch',
    status: 1,
    err: `Error response from daemon: ${CANNOT_EXEC} exec: "nosuch": executable file not found in $PATH`,
  },
  {
    docker: 'exec -u nosuch box true',
    status: 1,
    err: 'Error response from daemon: unable to find user nosuch: no matching entries in passwd file',
  },
  {
    docker: ['exec', '-e', 'Q=q', '-w', '/tmp', '-u', 'nobody', 'box', 'sh', '-c', 'echo $Q $(pwd) $(id -u)'],
    out: 'q /tmp 65534',
  },
  { docker: 'exec -i box cat', input: 'abc', out: 'abc' },
  {
    name: 'exec -it has a terminal',
    shell: `script -qec 'docker exec -it box tty' /dev/null`,
    out: /\/dev\/pts\//,
  },
  { docker: ['exec', '-d', 'box', 'sh', '-c', 'echo bg > /tmp/bg'] },
  { shell: 'until [ "$(docker exec box cat /tmp/bg 2>/dev/null)" = bg ]; do :; done' },
  { docker: 'top box', out: /sh -c/ },
  {
    docker: ['stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}} {{.PIDs}}', 'box'],
    out: /^box [1-9].* \d+$/,
  },
  { docker: 'diff box', out: /^A \/www\/index\.html$/m },
  { docker: 'pause box', out: 'box' },
  {
    docker: ['ps', '--filter', 'status=paused', '--format', '{{.Names}} {{.Status}}'],
    out: /^box Up .* \(Paused\)$/,
  },
  { docker: 'unpause box', out: 'box' },
  { docker: 'update --memory 128m --memory-swap 256m --cpus 1 box', out: 'box' },
  {
    docker: ['inspect', '-f', '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}', 'box'],
    out: '134217728 1000000000',
  },
  { docker: 'rename box crate' },
  {
    docker: ['commit', '-m', 'msg', '-a', 'me', '-c', 'CMD ["cat","/www/index.html"]', 'crate', 'committed'],
    out: /^sha256:[0-9a-f]{64}$/,
  },
  { docker: 'run --rm committed', out: 'page' },
  { docker: ['inspect', '-f', '{{.Comment}} {{.Author}}', 'committed'], out: 'msg me' },
];

const COPIES: readonly CliCase[] = [
  { shell: `d=$(mktemp -d) && echo in > $d/f && docker cp $d/f crate:/tmp/in && rm -r $d` },
  { docker: 'exec crate cat /tmp/in', out: 'in' },
  {
    shell: 'd=$(mktemp -d) && docker cp crate:/www $d/www 2>/dev/null && cat $d/www/index.html && rm -r $d',
    out: 'page',
  },
  { shell: 'docker cp crate:/www - | tar t | grep index', out: 'www/index.html' },
  { docker: 'cp crate:/nope /tmp/', status: 1, err: /Could not find the file|No such/ },
];

const DETAILS: readonly CliCase[] = [
  {
    name: 'logs --details tells the labels and variables that the log options name',
    shell: `docker run --name told --log-opt labels=la,nope --log-opt labels-regex=^lb --log-opt env=FOO --log-opt env-regex=^B --log-opt tag='T-{{.Name}}' \\
  --label la='x y=,&' --label lb=2 --label other=3 -e FOO=bar -e BAZ=1 busybox echo hi >/dev/null; docker logs --details told; docker rm told`,
    out: 'BAZ=1,FOO=bar,la=x+y%3D%2C%26,lb=2,tag=T-told hi\ntold',
  },
  {
    name: 'and a space where there are none, behind the time',
    shell: 'docker run --name told busybox echo hi >/dev/null; docker logs -t --details told; docker rm told',
    out: /^20[0-9-]+T[0-9:.]+Z  hi\ntold$/,
  },
];

const ENDING: readonly CliCase[] = [
  { docker: 'stop -t 5 crate', out: 'crate' },
  { docker: ['inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', 'crate'], out: 'exited 5' },
  { name: 'the trap ran', shell: 'docker logs crate 2>&1 | grep -c got-term', out: '1' },
  {
    docker: ['ps', '-a', '--filter', 'exited=5', '--format', '{{.Names}} {{.Status}}'],
    out: /^crate Exited \(5\) /,
  },
  { docker: 'start crate', out: 'crate' },
  { docker: 'rm crate', status: 1, err: /cannot remove container|container is running/ },
  { docker: 'kill crate', out: 'crate' },
  { docker: 'wait crate', out: '137' },
  { docker: 'rm crate', out: 'crate' },
  { docker: 'inspect crate', status: 1, err: /[Nn]o such object: crate/ },
  { docker: 'rm nosuch', status: 1, err: /No such container: nosuch/ },
  { shell: `docker run -d --name waited busybox sh -c 'exit 3' >/dev/null; docker wait waited`, out: '3' },
  { shell: 'docker create --name sa busybox echo again >/dev/null; docker start -a sa', out: 'again' },
  {
    shell: 'docker create -i --name sai busybox cat >/dev/null; printf zz | docker start -ai sai',
    out: 'zz',
  },
  { docker: 'create --name sa busybox', status: 1, err: /is already in use by container/ },
  { shell: 'docker container prune -f --filter label=nomatch', out: /Total reclaimed space: 0B/ },
  { shell: 'docker rm -f $(docker ps -aq) >/dev/null' },
];

describe('docker container lifecycle', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  before(async function () {
    requireRoot(this);
    engine = await engineForClients();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });
  runCliTable(() => docker, RUNNING);
  runCliTable(() => docker, COPIES);
  runCliTable(() => docker, DETAILS);
  runCliTable(() => docker, ENDING);
});
