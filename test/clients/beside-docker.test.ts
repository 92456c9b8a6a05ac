/** `naru` prints what docker's own command line prints about the same engine, byte for byte but for blanks at the end of a line. */

import assert from 'node:assert/strict';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { type CommandResult, dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot, skipBecause } from '../support/skip.ts';
import { until } from '../support/until.ts';

/** Lines of --format that name every field of a list. */
const PS_FIELDS = [
  'ID',
  'Names',
  'Image',
  'Command',
  'CreatedAt',
  'Ports',
  'State',
  'Size',
  'Labels',
  'Mounts',
  'Networks',
  'LocalVolumes',
];

const SAME: readonly (readonly string[])[] = [
  ['ps'],
  ['ps', '-a'],
  ['ps', '-aq'],
  ['ps', '-a', '--no-trunc'],
  ['ps', '-s'],
  ['ps', '-n', '1'],
  ['ps', '-l', '-q'],
  ['ps', '-f', 'status=exited', '-f', 'name=ended'],
  ['ps', '-a', '--format', PS_FIELDS.map((name) => `{{.${name}}}`).join('|')],
  ['ps', '-a', '--format', 'json'],
  ['ps', '-a', '--format', '{{json .}}|{{json .Labels}}|{{.Platform}}'],
  ['ps', '--format', 'table {{.Names}}\\t{{.Label "com.example.my-role"}}\\t{{.Mounts}}'],
  ['ps', '--format', '{{range split .Labels ","}}[{{.}}]{{end}} {{.Names | upper | printf "%-10s|"}}'],
  ['container', 'ls', '-q', '--no-trunc'],
  ['images'],
  ['images', '-q'],
  ['images', '--digests'],
  ['images', 'busybox'],
  ['images', 'busybox:1*', '--no-trunc'],
  ['images', 'nosuch'],
  ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.ID}} {{.Size}} {{.CreatedAt}} {{.CreatedSince}}'],
  ['images', '--format', 'json'],
  ['images', '--format', '{{json .}}|{{.VirtualSize}} {{.SharedSize}} {{.UniqueSize}} {{.Containers}}'],
  ['images', '--format', 'table {{.ID}}\\t{{.VirtualSize}}\\t{{.UniqueSize}}'],
  ['history', 'busybox'],
  ['history', '--format', 'json', 'busybox'],
  ['history', '--no-trunc', 'busybox'],
  ['history', '-q', 'busybox'],
  ['history', '--format', '{{.ID}}|{{.CreatedBy}}|{{.Size}}|{{.CreatedAt}}', 'busybox'],
  ['top', 'runs'],
  ['top', 'runs', '-o', 'pid,args'],
  ['port', 'runs'],
  ['port', 'runs', '90'],
  ['diff', 'ended'],
  ['logs', 'ended'],
  ['logs', '-t', 'ended'],
  ['logs', '-n', '1', 'ended'],
  ['logs', '--since', '1h', '--until', '0s', 'ended'],
  ['logs', '--until', '1h', 'ended'],
  ['wait', 'ended'],
  ['volume', 'ls'],
  ['volume', 'ls', '-q', '-f', 'name=data'],
  ['volume', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Scope}} {{.Mountpoint}} {{.Labels}}'],
  ['volume', 'ls', '--format', 'json'],
  [
    'volume',
    'ls',
    '--format',
    'table {{.Name}}\\t{{.Availability}}\\t{{.Group}}\\t{{.Links}}\\t{{.Size}}\\t{{.Status}}',
  ],
  ['volume', 'inspect', 'data'],
  ['network', 'ls'],
  ['network', 'ls', '-q'],
  [
    'network',
    'ls',
    '--no-trunc',
    '--format',
    '{{.ID}} {{.Name}} {{.Driver}} {{.Scope}} {{.Internal}} {{.IPv6}} {{.CreatedAt}}',
  ],
  ['network', 'ls', '--format', 'json'],
  ['network', 'ls', '--format', 'table {{.Name}}\\t{{.IPv4}}\\t{{.IPv6}}\\t{{.Internal}}'],
  ['network', 'inspect', 'bridge'],
  ['inspect', 'runs', 'busybox'],
  ['inspect', '-s', 'ended', '--format', '{{.SizeRw}} {{.SizeRootFs}}'],
  [
    'inspect',
    '-f',
    '{{.State.Status}} {{.State.Pid}} {{json .Config.Cmd}} {{.Config.Env}} {{json .State}}',
    'runs',
    'ended',
  ],
  [
    'inspect',
    '-f',
    '{{range $p, $c := .NetworkSettings.Ports}}{{$p}}{{range $c}}->{{.HostIp}}:{{.HostPort}}{{end}} {{end}}',
    'runs',
  ],
  ['inspect', 'nosuch', 'ended', '-f', '{{.Name}}'],
  ['image', 'inspect', 'busybox', '-f', '{{len .RootFS.Layers}} {{index .Config.Labels "naru.stand-in"}}'],
  ['container', 'inspect', 'runs', '-f', '{{.Name}} {{if eq .State.Status "running"}}yes{{else}}no{{end}}'],
  ['container', 'inspect', '-s', 'runs', '-f', '{{.SizeRw}} {{.SizeRootFs}}'],
  ['network', 'inspect', '-v', 'bridge', '-f', '{{.Name}}'],
  [
    'update',
    '--cpuset-mems',
    '0',
    '--cpu-period',
    '100000',
    '--cpu-quota',
    '50000',
    '--blkio-weight',
    '100',
    'runs',
  ],
  ['system', 'df'],
  ['system', 'df', '--format', 'json'],
  ['system', 'df', '-v'],
  ['system', 'df', '-v', '--format', '{{len .Images}} {{range .Volumes}}{{.Name}} {{.Links}} {{end}}'],
  [
    'events',
    '--since',
    '1h',
    '--until',
    '0s',
    '-f',
    'container=ended',
    '--format',
    '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}',
  ],
  ['info', '--format', '{{.ServerVersion}} {{.Driver}} {{.NCPU}} {{.Images}}'],
  ['info', '--format', '{{.ClientInfo.Context}} {{.ClientInfo.Debug}} {{.ID}} {{.HTTPProxy}}'],
  ['version', '--format', '{{.Client.APIVersion}} {{.Client.Os}}/{{.Client.Arch}} {{.Client.Context}}'],
  ['version', '--format', '{{.Server.APIVersion}} {{.Server.MinAPIVersion}} {{.Server.Experimental}}'],
  ['inspect', '-f', '{{.ID}} {{.NetworkSettings.MacAddress}}', 'runs'],
  ['stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}} {{.ID}} {{.BlockIO}}'],
  ['run', '--rm', 'busybox', 'sh', '-c', 'echo out; echo err >&2; exit 4'],
  ['run', '--rm', 'busybox', 'no-such-command'],
  ['exec', 'runs', 'sh', '-c', 'echo in; exit 5'],
  ['exec', 'ended', 'true'],
  ['start', '-a', 'ended'],
  ['kill', 'ended'],
  ['rm', 'runs'],
  ['rmi', 'busybox:latest'],
  ['rmi', '-f', 'nosuch'],
  ['create', '--name', 'runs', 'busybox'],
  ['ps', '-a', '--no-trunc=false', '-q=true'],
  ['history', '--human=false', '--no-trunc=0', 'busybox'],
  ['run', '--rm', '--tty=false', '-i=f', '--init=1', 'busybox', 'echo', '--tty=true', '-i=1'],
  ['run', '--rm', '--tty=perhaps', 'busybox', 'true'],
  ['create', '--add-host', 'a:b', 'busybox'],
  ['create', '--add-host', 'a', 'busybox'],
  ['run', '--rm', '--dns', 'x', 'busybox'],
  ['run', '--rm', '--network', 'none', '--add-host', 'a=[::2]', 'busybox', 'grep', 'a$', '/etc/hosts'],
  ['attach', 'ended'],
  ['top', 'ended'],
  ['cp', 'runs:/nosuch', '.'],
  ['export', 'nosuch', '-o', '/dev/null'],
  ['volume', 'rm', '-f', 'nosuch'],
  ['network', 'rm', 'nosuch'],
];

describe('naru beside docker', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;

  before(async function () {
    requireRoot(this);
    engine = await engineForClients();
    docker = dockerCli(engine.host);
    const [, major = '0'] = /version (\d+)/.exec(await docker.out(['--version'])) ?? [];
    if (Number(major) < 25)
      skipBecause(this, `docker's command line is ${major}, and older ones print otherwise`);
    await docker.out(['load', '-i', await busyboxArchive()]);
    await docker.out(['volume', 'create', '--label', 'k=v', 'data']);
    const steps = 'FROM busybox\nRUN echo built > /built\nWORKDIR /app\n';
    await docker.run(['build', '-q', '-t', 'built', '-'], { input: steps });
    const ports = ['-p', '127.0.0.1:48000-48002:8000-8002', '-p', '127.0.0.1::90', '--expose', '95-96'];
    const mounts = ['-v', 'data:/v', '-v', '/tmp:/a/rather/long/path:ro', '-v', '/anonymous'];
    const labels = ['--label', 'com.example.my-role=x', '--label', 'b=2'];
    await docker.out([
      'run',
      '-d',
      '--name',
      'runs',
      ...ports,
      ...mounts,
      ...labels,
      'busybox',
      'sleep',
      '1000',
    ]);
    const script =
      'echo one; echo two >&2; echo changed > /etc/passwd; rm /etc/group; echo new > /new; exit 3';
    await docker.run(['run', '--name', 'ended', 'busybox', 'sh', '-c', script]);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
  });

  for (const args of SAME) {
    it(args.join(' '), async () => {
      // Ages and times of day may change between the two.
      let tries = 0;
      const last = await until('the same answer', async () => {
        const [theirs, ours] = [await docker.run(args), await runNaru(engine.host, args)];
        tries += 1;
        return (shown(theirs) === shown(ours) || tries === 5) && { theirs, ours };
      });
      assert.equal(shown(last.ours), shown(last.theirs), last.ours.stderr);
      assert.equal(
        last.ours.stderr === '',
        last.theirs.stderr === '',
        `${last.ours.stderr}\n${last.theirs.stderr}`,
      );
    });
  }
});

function shown({ status, stdout }: CommandResult): string {
  return `${status}\n${stdout.replaceAll(/ +$/gm, '')}`;
}
