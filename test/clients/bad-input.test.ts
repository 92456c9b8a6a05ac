/** What people get wrong, through docker's CLI and through naru: one sentence with the place or the fix, the right exit code, nothing half-made. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { dockerCli, type CommandResult, type DockerCli } from '../support/docker-cli.ts';
import { tracesOf } from '../support/engine-traces.ts';
import { startEngine, type EngineUnderTest } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';

interface Mistake {
  readonly what: string;
  readonly dockerfile: string;
  readonly naru: readonly [status: number, stderr: RegExp];
  readonly docker: readonly [status: number, stderr: RegExp];
  /** Exit code of a preview that says the same; absent: not asked. */
  readonly preview?: number;
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'an unknown instruction',
    dockerfile: 'FROM busybox\nFROMM x\n',
    naru: [1, /Dockerfile:2:1: unknown instruction: FROMM\n +did you mean FROM\?\n$/],
    docker: [1, /Dockerfile:2:1: unknown instruction: FROMM: did you mean FROM\?/],
  },
  {
    what: 'a wrong flag',
    dockerfile: 'FROM busybox\nCOPY --chwon=1 a b\n',
    naru: [1, /Dockerfile:2:6: unknown flag: --chwon\n +did you mean --chown\?\n$/],
    docker: [1, /Dockerfile:2:6: unknown flag: --chwon: did you mean --chown\?/],
  },
  {
    what: 'a missing COPY source',
    dockerfile: 'FROM busybox\nCOPY no/such.txt /x/\n',
    naru: [
      1,
      /Dockerfile:2:6: "\/no\/such.txt": not found\n +it was looked for in the context, \S+a-missing-COPY-source\n$/,
    ],
    docker: [1, /Dockerfile:2:6: "\/no\/such.txt": not found/],
  },
  {
    what: 'a failing RUN',
    dockerfile: 'FROM busybox\nRUN echo the reason; exit 3\n',
    naru: [
      1,
      /  the reason\n.*Dockerfile:2:1: process "[^"]+" did not complete successfully: exit code: 3\n$/s,
    ],
    docker: [3, /^The command '\/bin\/sh -c echo the reason; exit 3' returned a non-zero code: 3$/m],
  },
  {
    what: 'an unknown image',
    dockerfile: '# one\nFROM no-such-image:9\n',
    naru: [1, /Dockerfile:2:6: .*no-such-image:9/],
    docker: [1, /Dockerfile:2:6: .*no-such-image:9/],
  },
  {
    what: 'no text at all',
    dockerfile: 'FROM busybox\n\u001b]0;title\u0007\u0000 x\n',
    naru: [1, /Dockerfile:2:1: unknown instruction: \\x1b]0;title\\x07\\x00\n/],
    docker: [1, /Dockerfile:2:1: unknown instruction: /],
  },
  {
    what: 'a check that the file makes an error',
    dockerfile: '# check=error=true\nFROM busybox\nENV a b\nMAINTAINER x\n',
    naru: [
      1,
      /Dockerfile:3:5: lint violation found for rules: LegacyKeyValueFormat, MaintainerDeprecated\n +see naru lint --rules buildkit\n$/,
    ],
    docker: [1, /Dockerfile:3:5: lint violation found for rules: LegacyKeyValueFormat, MaintainerDeprecated/],
    preview: 2,
  },
  {
    what: 'a required secret that is not given',
    dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=q,required true\n',
    naru: [1, /Dockerfile:2:1: secret q: not found\n$/],
    docker: [1, /Dockerfile:2:1: secret q: not found/],
    preview: 2,
  },
  {
    what: 'a word without an end',
    dockerfile: `FROM busybox\nZ${'Q'.repeat(9999)}\n`,
    naru: [1, /Dockerfile:2:1: unknown instruction: ZQ{199}…\n/],
    docker: [1, /Dockerfile:2:1: unknown instruction: ZQ{199}…/],
  },
  {
    what: 'nothing but NUL',
    dockerfile: '\0'.repeat(70_000),
    naru: [1, /Dockerfile:1:1: file with no instructions\n/],
    docker: [1, /Dockerfile:1:1: file with no instructions/],
  },
  {
    what: 'an image that may be a context',
    dockerfile: 'FROM busybox\nCOPY --from=lib /a /\n',
    naru: [
      1,
      /Dockerfile:2:13: image lib is not on .*\n.*a context of that name is given with --build-context lib=FOLDER/,
    ],
    docker: [1, /Dockerfile:2:13: image lib is not on .*--build-context lib=FOLDER/],
    preview: 2,
  },
  {
    what: 'an empty Dockerfile',
    dockerfile: '',
    naru: [1, /Dockerfile:1:1: the Dockerfile cannot be empty\n/],
    docker: [1, /Dockerfile:1:1: the Dockerfile cannot be empty/],
  },
];

describe('bad input', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  let folder = '';
  let holder: Server;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    docker = dockerCli(engine.host);
    folder = mkdtempSync(join(tmpdir(), 'naru-bad-'));
    await docker.out(['load', '-i', await busyboxArchive()]);
    holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
  });
  after(async () => {
    holder?.close();
    docker?.close();
    await engine?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    assert.doesNotMatch(readFileSync(join(engine.root, 'engine.log'), 'utf8'), / warn /);
  });

  function naru(...args: readonly string[]): Promise<CommandResult> {
    return runNaru(engine.host, args);
  }

  function check({ status, stderr }: CommandResult, [wanted, text]: readonly [number, RegExp]): void {
    assert.match(stderr, text);
    assert.equal(status, wanted, stderr);
    assert.doesNotMatch(stderr, /\n +at |internal error|unexpected failure|Error:(?! response)/);
  }

  for (const { what, dockerfile, ...mistake } of MISTAKES) {
    it(`${what} in a build`, async () => {
      const context = join(folder, what.replaceAll(' ', '-'));
      mkdirSync(context);
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      check(await naru('build', '-t', 'half-made', context), mistake.naru);
      if (mistake.preview !== undefined)
        check(await naru('preview', context), [mistake.preview, mistake.naru[1]]);
      check(await docker.run(['build', '-t', 'half-made', context]), mistake.docker);
      assert.equal(await docker.out(['images', '-q', 'half-made']), '');
      const traces = tracesOf(engine.root).filter((line) => /^(mount|netns|process)/.test(line));
      assert.deepEqual(traces, []);
    });
  }

  it('a port in use, by a container and by another program', async () => {
    const taken = [`127.0.0.1:${portOf(holder)}`, '127.0.0.1:18631'];
    await docker.out(['run', '-d', '--name', 'first', '-p', '127.0.0.1:18631:80', 'busybox', 'sleep', '100']);
    for (const address of taken) {
      const args = ['run', '--rm', '-p', `${address}:80`, 'busybox', 'true'];
      check(await docker.run(args), [
        125,
        /Bind for 127\.0\.0\.1:\d+ failed: port is already allocated|address already in use/,
      ]);
      check(await naru(...args), [125, /port is already allocated|address already in use/]);
    }
    assert.equal(await docker.out(['ps', '-a', '--format', '{{.Names}}']), 'first');
    await docker.out(['rm', '-f', 'first']);
  });

  it('a container that cannot be started stays to be looked at, unless --rm', async () => {
    for (const run of [
      (args: readonly string[]) => docker.run(args),
      (args: readonly string[]) => naru(...args),
    ]) {
      for (const flags of [['--name', 'stays'], ['--name', 'stays-behind', '-d'], ['--rm'], ['--rm', '-d']]) {
        const { status, stdout } = await run(['run', ...flags, 'busybox', '/nope']);
        assert.equal(status, 127);
        assert.match(stdout, flags.includes('-d') ? /^[0-9a-f]{64}\n$/ : /^$/);
      }
      const left = await docker.out([
        'ps',
        '-a',
        '--filter',
        'name=stays',
        '--format',
        '{{.Names}} {{.Status}}',
      ]);
      assert.equal(left, 'stays-behind Created\nstays Created');
      await docker.out(['rm', 'stays', 'stays-behind']);
      assert.equal(await docker.out(['ps', '-aq']), '');
    }
  });

  it('a target that there is not, named where it is written: in the command', async () => {
    const context = join(folder, 'target');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox AS deps\nFROM busybox AS b\n');
    for (const [target, hint] of [
      ['nothing', 'the stages are deps, b'],
      ['dep', 'did you mean deps\\?'],
    ] as const) {
      const text = new RegExp(`^naru: target stage "${target}" could not be found\\n +${hint}\\n$`);
      check(await naru('preview', '--target', target, context), [2, text]);
      check(await naru('build', '--target', target, context), [1, text]);
    }
  });

  it('a Dockerfile for a context, in a build and in a preview', async () => {
    const context = join(folder, 'file');
    const file = join(context, 'Dockerfile');
    mkdirSync(context);
    writeFileSync(file, 'FROM busybox\n');
    // docker 28.5.2 without BuildKit: "context must be a directory: " and the path.
    const text = (hint: string): RegExp =>
      new RegExp(`^naru: context must be a directory: ${file}\n {6}${hint}\n$`);
    const named = text(`the Dockerfile is named with -f, and beside it the folder: -f ${file} ${context}`);
    check(await naru('build', file), [1, named]);
    check(await naru('preview', file), [2, named]);
    check(await naru('build', '-f', file, file), [1, text(`name the folder .* such as ${context}`)]);
  });

  it('an image that is not here, in a build and in a preview, which shows the rest', async () => {
    const context = join(folder, 'away');
    mkdirSync(context);
    const file = join(context, 'Dockerfile');
    writeFileSync(file, 'FROM busybox AS deps\nRUN echo 1\nFROM away:1\nCOPY --from=dep /a /b\n');
    const first = `naru: ${file}:3:6: image away:1 is not on this engine\n      bring it in with naru load -i FILE .* or naru import FILE away:1 .*\n`;
    const second = `naru: ${file}:4:13: image dep is not on this engine\n      did you mean stage deps\\?\n`;
    check(await naru('build', context), [1, new RegExp(`^${first}$`)]);
    const previewed = await naru('preview', context);
    check(previewed, [2, new RegExp(`^${first}${second}$`)]);
    assert.match(previewed.stdout, /^ {2}UNKNOWN +3 {2}FROM away:1$/m);
    assert.match(previewed.stdout, /\n2 UNKNOWN, 2 SKIPPED; cannot be built without away:1, dep\n$/);
  });

  it('a base image of another platform, in a build and in a preview', async () => {
    const context = join(folder, 'platform');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM --platform=$TARGETPLATFORM busybox\nENV A=b\n');
    const text =
      /^naru: \S+Dockerfile:1:33: image busybox was found but its platform \(linux\/amd64\) does not match the one it is wanted for \(linux\/s390x\)\n +load the image for linux\/s390x, or build for linux\/amd64/;
    check(await naru('preview', '--platform', 'linux/s390x', context), [2, text]);
    check(await naru('build', '-t', 'half-made', '--platform', 'linux/s390x', context), [1, text]);
    assert.equal(await docker.out(['images', '-q', 'half-made']), '');
  });

  it('takes flags of docker build that mean nothing with BuildKit either', async () => {
    const context = join(folder, 'flags');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\n');
    const usual = [
      '--rm',
      '--force-rm',
      '--compress',
      '--load',
      '--provenance=false',
      '--builder',
      'default',
    ];
    assert.equal((await naru('build', '-q', ...usual, context)).stderr, '');
    const limits = ['-m', '1g', '--cpu-shares', '2', '--security-opt', 'a', '--security-opt', 'b'];
    const { status, stderr } = await naru('build', '-q', ...limits, context);
    const named = [...stderr.matchAll(/^naru: warning: (--\S+) has no effect on a build, as with buildx$/gm)];
    assert.deepEqual(
      [status, named.map(([, flag]) => flag)],
      [0, ['--memory', '--cpu-shares', '--security-opt']],
    );
  });

  it('options that cannot work, in a build and in a preview', async () => {
    const context = join(folder, 'options');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\n');
    // buildx 0.29.1 says the same of all but the last.
    const refused: readonly [option: string, value: string, stderr: RegExp][] = [
      [
        '--secret',
        'id=a,src=/nope',
        /^naru: failed to stat \/nope: stat \/nope: no such file or directory\n$/,
      ],
      ['--secret', 'id=naru-a', /^naru: failed to stat naru-a: stat naru-a: no such file or directory\n$/],
      ['--secret', 'type=zz,id=a', /^naru: unsupported secret type "zz"\n$/],
      ['--secret', 'id=a,foo=/x', /^naru: unexpected key 'foo' in 'foo=\/x'\n$/],
      ['--ssh', 'default', /^naru: invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set\n/],
      [
        '--ssh',
        'a=/nope',
        /^naru: failed to convert agent config for ID: "a": stat \/nope: no such file or directory\n/,
      ],
      [
        '--platform',
        'linux/amd64,linux/arm64',
        /^naru: --platform: one platform at a time is supported\n {6}build for each by itself: --platform linux\/amd64\n$/,
      ],
    ];
    for (const [option, value, text] of refused)
      for (const [verb, status] of [
        ['build', 1],
        ['preview', 2],
      ] as const)
        check(await runNaru(engine.host, [verb, option, value, context], { env: { SSH_AUTH_SOCK: '' } }), [
          status,
          text,
        ]);
  });

  it('a pattern that cannot be read, with its file and line', async () => {
    const context = join(folder, 'pattern');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\n');
    writeFileSync(join(context, '.dockerignore'), 'ok\n[a\n');
    const text = /^naru: \.dockerignore:2:1: syntax error in pattern\n +invalid ignore pattern "\[a": /;
    check(await naru('build', context), [1, text]);
    check(await naru('preview', context), [2, text]);
  });

  it('leaves no image ID of an older build, and tells one only when all is written', async () => {
    const context = join(folder, 'ids');
    mkdirSync(context);
    const [id, metadata] = [join(context, 'id'), join(context, 'metadata')];
    writeFileSync(id, 'old');
    writeFileSync(metadata, 'old');
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\nRUN exit 3\n');
    const failed = await naru('build', '-q', '--iidfile', id, '--metadata-file', metadata, context);
    assert.deepEqual([failed.status, failed.stdout, existsSync(id)], [1, '', false]);
    assert.equal(readFileSync(metadata, 'utf8'), 'old');

    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\n');
    const full = await naru('build', '-q', '-o', 'type=docker,dest=/dev/full', context);
    check(full, [1, /^naru: cannot write \/dev\/full: no space left on device\n$/]);
    assert.equal(full.stdout, '');
    for (const flag of ['--iidfile', '--metadata-file']) {
      const refused = await naru('build', flag, '/nope/x', context);
      check(refused, [1, /^naru: cannot write \/nope\/x: no such file or directory\n$/]);
    }
  });

  const wrong: readonly [args: readonly string[], status: number, stderr: RegExp][] = [
    [['run', '--nope', 'busybox'], 125, /unknown option '--nope'/],
    [['run', '-p', '99999:1', 'busybox'], 125, /invalid port "99999:1"\n +write -p 8080:80/],
    [['run', '--runtime', 'nope', 'busybox'], 125, /unknown or invalid runtime name: nope\n/],
    [['run', '-m', '5zz', 'busybox'], 125, /"5zz" is not a size\n +write a number/],
    [['run', 'no-such:1'], 125, /^naru: No such image: no-such:1\n/],
    [['run', '--rm', 'busybox', '/nope'], 127, /"\/nope": stat \/nope: no such file or directory/],
    [['build', '/no/such/dir'], 1, /unable to prepare context: path "\/no\/such\/dir" not found\n/],
    [['load', '-i', '/no/such.tar'], 1, /^naru: cannot read \/no\/such.tar: no such file or directory\n$/],
    [['load', '-i', '/etc/passwd'], 1, /^naru: \/etc\/passwd is not a tar archive\n +docker save writes/],
    [['load', '-i', '/dev/null'], 1, /^naru: \/dev\/null is empty\n +docker save writes/],
    [['load'], 1, /^naru: nothing came on stdin\n +redirect an archive into it, or name one with -i\n$/],
    [
      ['preview', '-f', '/no/Nope', '/tmp'],
      2,
      /^naru: failed to read dockerfile: open Nope: no such file or directory\n +looked for at \/no\/Nope; name another with -f\n$/,
    ],
    [['build', '-f', '/tmp', '/tmp'], 1, /^naru: failed to read dockerfile: open tmp: it is a directory\n/],
    [
      ['run', '--env-file', '/tmp', 'busybox'],
      125,
      /^naru: --env-file: cannot read \/tmp: it is a directory\n$/,
    ],
    [['lint', '-c', '/nope', '/dev/null'], 2, /^naru: cannot read \/nope: no such file or directory\n$/],
    [['tag', 'busybox', 'UPPER:x'], 1, /must be lowercase/],
    [['stop', 'nobody'], 1, /^naru: No such container: nobody\n/],
    [['pull', 'alpine'], 1, /^naru: registries are not supported yet\n {6}images come in with naru load/],
    [['push', 'busybox'], 1, /^naru: registries are not supported yet\n {6}images come in with naru load/],
    [
      ['run', '--pull', 'always', 'busybox'],
      125,
      /^naru: registries are not supported yet\n {6}images come in with naru load/,
    ],
    [['build', '-t', 'BAD', '/tmp'], 125, /^naru: invalid reference format: .* must be lowercase\n/],
    [['forward'], 0, /^the ports of unix:\/\/\S+ are on this machine already; name a host with --host\n$/],
    [['build', '--push', '/tmp'], 1, /^naru: --push: registries are not supported yet\n/],
    [['build', '--check', '/tmp'], 1, /^naru: --check is not supported yet\n {6}naru lint --rules buildkit/],
    [['build', '--sbom=true', '/tmp'], 1, /^naru: an attestation is not supported yet\n/],
    [['frobnicate'], 1, /unknown command 'frobnicate'/],
  ];
  for (const [args, status, stderr] of wrong) {
    it(`naru ${args.join(' ')}: exit ${status}`, async () => check(await naru(...args), [status, stderr]));
  }
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
