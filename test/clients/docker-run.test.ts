/** `docker run` and its flags, with Docker's own command line against Naru's engine. */

import { busyboxArchive } from '../../scripts/base-images.ts';
import { runCliTable, type CliCase } from '../support/cli-table.ts';
import { dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

const RUN: readonly CliCase[] = [
  { docker: 'run --rm busybox echo hi', out: 'hi' },
  { docker: ['run', '--rm', 'busybox', 'sh', '-c', 'exit 42'], status: 42 },
  { docker: 'run --rm busybox nosuchcmd', status: 127, err: /not found|no such file/ },
  { docker: 'run --rm busybox /etc/passwd', status: 126, err: /[Pp]ermission denied/ },
  {
    docker: 'run --rm -v /proc/nope:/x busybox true',
    status: 127,
    err: /error while creating mount source path '\/proc\/nope': mkdir \/proc\/nope: no such file/,
  },
  { docker: 'run --rm localhost:1/nosuch:x true', status: 125, err: /Unable to find image/ },
  {
    name: 'keeps stdout and stderr apart',
    docker: ['run', '--rm', 'busybox', 'sh', '-c', 'echo err >&2; echo out'],
    out: 'out',
    err: 'err',
  },
  { name: 'stdin is piped', docker: 'run -i --rm busybox tr a-z A-Z', input: 'hello\n', out: 'HELLO' },
  {
    name: 'stdin of 5 MB arrives whole',
    shell: `head -c 5000000 /dev/zero | docker run -i --rm busybox wc -c`,
    out: '5000000',
  },
  {
    name: '3 MB of output arrive whole',
    shell: `docker run --rm busybox sh -c 'dd if=/dev/zero bs=1000 count=3000 2>/dev/null' | wc -c`,
    out: '3000000',
  },
  { docker: ['run', '--rm', '-e', 'A=v', '-e', 'B=w', 'busybox', 'sh', '-c', 'echo $A $B'], out: 'v w' },
  { docker: 'run --rm -w /tmp/x busybox pwd', out: '/tmp/x' },
  ...['/etc/passwd', '/etc/passwd/x'].map((path) => ({
    docker: `run --rm -w ${path} busybox true`,
    status: 125,
    err: new RegExp(`Cannot mkdir: ${path} is not a directory`),
  })),
  {
    docker: ['run', '--rm', '--user', '1000:33', 'busybox', 'sh', '-c', 'echo $(id -u):$(id -g)'],
    out: '1000:33',
  },
  { docker: 'run --rm --user nobody busybox id -u', out: '65534' },
  { docker: 'run --rm --entrypoint echo busybox x y', out: 'x y' },
  { docker: 'run --rm --hostname h1 busybox hostname', out: 'h1' },
  { name: 'the hostname is the short id', docker: 'run --rm busybox hostname', out: /^[0-9a-f]{12}$/ },
  {
    name: 'a step of a build reaches the host by the name that stands for its gateway',
    shell: `printf 'FROM busybox\nRUN grep gw /etc/hosts && ping -c1 -W2 gw\n' | docker build --no-cache --add-host gw:host-gateway -`,
    out: /172\.\d+\.\d+\.1\s+gw[^]*1 packets received/,
  },
  { docker: 'run --rm --add-host foo:10.9.8.7 busybox cat /etc/hosts', out: /10\.9\.8\.7\s+foo/ },
  {
    docker: ['run', '--rm', '--read-only', 'busybox', 'sh', '-c', 'touch /x 2>/dev/null || echo ro'],
    out: 'ro',
  },
  {
    docker: ['run', '--rm', '--tmpfs', '/t:rw,size=1m', 'busybox', 'sh', '-c', 'mount | grep " /t "'],
    out: /tmpfs .*size=1024k/,
  },
  {
    name: 'the default capabilities are dockers',
    docker: ['run', '--rm', 'busybox', 'sh', '-c', "awk '/CapEff/{print $2}' /proc/self/status"],
    out: '00000000a80425fb',
  },
  {
    name: 'seccomp is on',
    docker: ['run', '--rm', 'busybox', 'sh', '-c', "awk '/^Seccomp:/{print $2}' /proc/self/status"],
    out: '2',
  },
  {
    name: 'a terminal',
    shell: `script -qec 'docker run -it --rm busybox tty' /dev/null`,
    out: /\/dev\/(pts\/0|console)/,
  },
  {
    name: '--rm removes',
    shell: `docker run --rm --name gone busybox true; docker ps -aq --filter name=gone`,
    out: '',
  },
  { docker: 'run --rm --network none busybox ls /sys/class/net', out: 'lo' },
];

const PORTS: readonly CliCase[] = [
  {
    docker: [
      'run',
      '-d',
      '--name',
      'web',
      '-p',
      '127.0.0.1::8080',
      'busybox',
      'sh',
      '-c',
      'mkdir /www; echo served > /www/index.html; exec httpd -f -p 8080 -h /www',
    ],
    out: /^[0-9a-f]{64}$/,
  },
  { docker: 'port web 8080', out: /^127\.0\.0\.1:\d+$/ },
  {
    name: 'a published port answers',
    shell: 'for n in 1 2 3 4 5 6 7 8 9 10; do curl -s -m 5 http://$(docker port web 8080)/ && break; done',
    out: 'served',
  },
  { docker: ['ps', '--filter', 'name=web', '--format', '{{.Ports}}'], out: /^127\.0\.0\.1:\d+->8080\/tcp$/ },
  { docker: 'rm -f web', out: 'web' },
];

describe('docker run', function () {
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
  runCliTable(() => docker, RUN);
  runCliTable(() => docker, PORTS);
});
