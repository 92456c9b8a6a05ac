/** Builds for real: overlay snapshots, crun, the cache on disk. Needs root and the native tools. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import type { BuildNews } from '../../../runtime/build/builder.ts';
import { crunState } from '../../../runtime/build/ops/run.ts';
import { RememberedOps } from '../../../runtime/build/context-memory.ts';
import { BASE_PATH, type BuildSettings, makeRig, type Rig, textIn } from './rig.ts';

describe('build', function () {
  this.timeout(60_000);
  let rig: Rig;
  before(async () => {
    rig = await makeRig();
  });
  after(() => rig.close());

  it('runs commands, copies files, and keeps what the config says', async () => {
    const { image, tree, steps } = await rig.build(
      `FROM busybox
ARG NAME=world
ENV A=1 B="two words"
WORKDIR /app
COPY --chown=7:8 --chmod=640 src/ ./
RUN echo "hello $NAME $A $B $PWD" > out && ls -n > list
USER 7
CMD ["cat", "out"]
`,
      { 'src/a.txt': 'a', 'src/sub/b.txt': 'b' },
    );
    assert.equal(await textIn(tree, 'app/out'), 'hello world 1 two words /app\n');
    const copied = await tree.stat('app/sub/b.txt');
    assert.deepEqual([copied?.uid, copied?.gid, copied?.mode], [7, 8, 0o640]);
    assert.equal(await tree.stat('etc/resolv.conf'), undefined, 'mount points do not reach the image');
    const { config } = image.config;
    assert.deepEqual(config?.Env, [`PATH=${BASE_PATH}`, 'A=1', 'B=two words']);
    assert.deepEqual([config?.WorkingDir, config?.User, config?.Cmd], ['/app', '7', ['cat', 'out']]);
    assert.equal(image.config.rootfs.diff_ids.length, 4);
    assert.deepEqual(steps, ['1 CACHED', '2 FREE', '3 FREE', '4 RUN', '5 RUN', '6 RUN', '7 FREE', '8 FREE']);
  });

  it('builds the same image again from the cache, also in a new process', async () => {
    const dockerfile = 'FROM busybox\nCOPY a /a\nRUN cat /a /proc/uptime > /b\n';
    const first = await rig.build(dockerfile, { a: '1' });
    const second = await rig.build(dockerfile, { a: '1' });
    assert.deepEqual(second.steps, ['1 CACHED', '2 CACHED', '3 CACHED']);
    assert.equal(second.image.id, first.image.id);
    rig = await rig.reopen();
    const third = await rig.build(dockerfile, { a: '1' });
    assert.equal(third.image.id, first.image.id);
  });

  it('does what the preview said, for a multi-stage project through edits', async () => {
    const dockerfile = `FROM busybox AS deps
WORKDIR /d
COPY package.json .
RUN sed s/x/y/ package.json > lock
FROM busybox AS unused
RUN echo unused
FROM busybox
WORKDIR /app
COPY --from=deps /d/lock .
COPY src src
RUN cat lock src/* > bundle
COPY --link conf /etc/conf
`;
    const base = { 'package.json': 'x', 'src/a': 'a', 'src/b': 'b', conf: 'c' };
    const edits = [
      base,
      base,
      { ...base, 'src/a': 'aa' },
      { ...base, 'package.json': 'x ' },
      { ...base, conf: 'd' },
    ];
    for (const context of edits) {
      const said = (await rig.preview(dockerfile, context)).steps.map(
        (step) => `${step.line} ${step.state.split(' ')[0]}`,
      );
      const did = (await rig.build(dockerfile, context)).steps;
      said.forEach((state, at) => {
        if (!state.endsWith('DEPENDS')) assert.equal(state, did[at], `said ${said.join(', ')}`);
      });
    }
  });

  it('records all that a step read, also when the files were recalled', async () => {
    const dockerfile = 'FROM busybox\nCOPY src /recalled\nCOPY other /other\n';
    const context = { 'src/a': '1', other: 'o' };
    const memory = new RememberedOps().memoryOf(new Map([['', 'context 1']]));
    await rig.build(dockerfile, context, { memory });
    const { records } = rig.parts.cache;
    for (const record of records.all()) records.forget(record);
    const again = await rig.build(dockerfile, context, { memory });
    assert.deepEqual(again.steps, ['1 CACHED', '2 RUN', '3 RUN']);
    const { steps } = await rig.preview(dockerfile, { ...context, 'src/a': '2' });
    assert.deepEqual(
      steps.map(({ state, reasons }) => [state, reasons.map(({ path }) => path)]),
      [
        ['CACHED', []],
        ['RUN', ['src/a']],
        ['RUN (after line 2)', [undefined]],
      ],
    );
  });

  it('remembers what a command was and took when comments moved it', async () => {
    const text = 'FROM busybox\nRUN echo moved > /a\nRUN echo one > /b\n';
    await rig.build(text, {});
    await rig.build(`# why\n# and\n${text}`, {});
    const { steps } = await rig.preview(`# why\n# and\n${text.replace('one', 'two')}`, {});
    assert.deepEqual(
      steps.map(({ state, seconds, reasons }) => [
        state,
        seconds !== undefined,
        ...reasons.map(({ text }) => text),
      ]),
      [
        ['CACHED', false],
        ['CACHED', true],
        ['RUN', true, 'the command changed'],
      ],
    );
  });

  it('compares with the last build, also with what that found in the cache', async () => {
    const text = 'FROM busybox\nCOPY lasting /\n';
    for (const lasting of ['1', '22', '1']) await rig.build(text, { lasting });
    const { steps } = await rig.preview(text, { lasting: '333' });
    assert.deepEqual(
      steps.at(-1)?.reasons.map((reason) => reason.text),
      ['lasting changed (1 to 3 bytes)'],
    );
  });

  it('compares with the build of the same arguments, whichever was last', async () => {
    const text = 'FROM busybox\nCOPY turns /\nARG V\nRUN echo $V > /turns-v\n';
    const withArg = (value: string): BuildSettings => ({ options: { buildArgs: new Map([['V', value]]) } });
    for (const value of ['1', '2']) await rig.build(text, { turns: '1' }, withArg(value));
    const reasonsOf = async (turns: string, value: string): Promise<readonly string[] | undefined> =>
      (await rig.preview(text, { turns }, withArg(value))).steps.at(-1)?.reasons.map((reason) => reason.text);
    assert.deepEqual(await reasonsOf('12', '1'), ['line 2 runs again']);
    assert.deepEqual(await reasonsOf('12', '2'), ['line 2 runs again']);
    assert.deepEqual(await reasonsOf('1', '3'), ['ARG V changed']);
  });

  it('tells what the checks of BuildKit find, and stops there where the file asks for it', async () => {
    const warnings: string[] = [];
    const onNews = (news: BuildNews): void => {
      if (news.type === 'warning') warnings.push(`${news.line} ${news.code} ${news.message}`);
    };
    const text = 'FROM busybox as a\nCMD echo one\n';
    await rig.build(text, {}, { onNews });
    assert.deepEqual(
      warnings.map((line) => line.replace(/:.*/, '')),
      ['1 W_CHECK FromAsCasing', '2 W_CHECK JSONArgsRecommended'],
    );
    warnings.length = 0;
    await rig.build(`# check=skip=all\n${text}`, {}, { onNews });
    assert.deepEqual(warnings, []);
    await assert.rejects(rig.build(`# check=error=true\n${text}`, {}, { onNews }), {
      message: 'lint violation found for rules: FromAsCasing, JSONArgsRecommended',
      location: { file: 'Dockerfile', start: { line: 1, column: 13 }, end: { line: 1, column: 15 } },
    });
    assert.match(warnings.join('\n'), /^2 W_CHECK FromAsCasing: .*\n3 W_CHECK JSONArgsRecommended: .*$/);
  });

  it('says once that no registry is asked, where one was wanted for a base image', async () => {
    const warnings: string[] = [];
    const onNews = (news: BuildNews): void => {
      if (news.type === 'warning') warnings.push(`${news.line} ${news.code} ${news.message}`);
    };
    const text = 'FROM busybox AS a\nFROM busybox\nCOPY --from=busybox:latest /bin/sh /sh\n';
    await rig.build(`${text}COPY --from=a /bin/sh /sh2\n`, {}, { pulls: true, onNews });
    await rig.build('FROM scratch\nCOPY f /f\n', { f: '' }, { pulls: true, onNews });
    await rig.build(text, {}, { onNews });
    assert.deepEqual(warnings, [
      '0 W_NO_REGISTRY no registry was asked for busybox, busybox:latest: registries are not supported yet, and the images of this engine are used as they are',
    ]);
  });

  it('continues from a copied file that turned out the same', async () => {
    const dockerfile = (text: string): string =>
      `FROM busybox AS gen\nRUN ${text}; echo same > /out\nFROM busybox\nCOPY --from=gen /out /out\nRUN cat /out\n`;
    await rig.build(dockerfile('true'), {});
    const { steps } = await rig.build(dockerfile(':'), {});
    assert.deepEqual(steps, ['1 CACHED', '2 RUN', '3 CACHED', '4 CACHED', '5 CACHED']);
  });

  it('says line, exit code and last output of a command that failed', async () => {
    const dockerfile = 'FROM busybox\n\nRUN echo one && \\\n  echo two >&2 && exit 42\n';
    await assert.rejects(rig.build(dockerfile, {}), (error: unknown) => {
      assert.ok(error instanceof NaruError);
      assert.match(error.message, /did not complete successfully: exit code: 42/);
      assert.deepEqual([error.location?.file, error.location?.start.line], ['Dockerfile', 2]);
      assert.match(error.hint ?? '', /one\ntwo/);
      return true;
    });
  });

  it('mounts binds, caches, tmpfs and secrets, and leaves nothing of them', async () => {
    const dockerfile = `FROM busybox AS gen
RUN mkdir /g && echo made > /g/f
FROM busybox
RUN --mount=type=bind,source=src,target=/src --mount=type=bind,from=gen,source=/g,target=/g,rw \\
    --mount=type=tmpfs,target=/t --mount=type=secret,id=s --mount=type=secret,id=e,env=E \\
    --mount=type=cache,target=/cache \\
    cat /src/a /g/f /run/secrets/s > /out && echo "$E" >> /out && touch /g/x /t/x && date >> /cache/log
RUN --mount=type=cache,target=/cache wc -l < /cache/log > /count
`;
    const secrets = new Map([
      ['s', Buffer.from('secret\n')],
      ['e', Buffer.from('variable')],
    ]);
    const { tree } = await rig.build(dockerfile, { 'src/a': 'a\n' }, { secrets });
    assert.equal(await textIn(tree, 'out'), 'a\nmade\nsecret\nvariable\n');
    assert.equal(await textIn(tree, 'count'), '1\n');
    for (const path of ['src', 'g', 't', 'run/secrets', 'cache']) {
      assert.equal(await tree.stat(path), undefined, `${path} does not reach the image`);
    }
  });

  it('runs heredocs, through the shell and as a program', async () => {
    const dockerfile = `FROM busybox
RUN <<EOF
echo one > /one
echo two > /two
EOF
RUN <<EOF
#!/bin/cat
text
EOF
COPY <<EOF <<"RAW" /files/
home is $PATH
EOF
home is $PATH
RAW
RUN <<-EOF
	#!/bin/cat
	echo by the shell
EOF
`;
    const { tree, output } = await rig.build(dockerfile, {});
    assert.equal(await textIn(tree, 'two'), 'two\n');
    assert.equal(output, '#!/bin/cat\ntext\nby the shell\n');
    const made = await tree.stat('files/EOF');
    assert.ok(made !== undefined && Math.abs(Number(made.mtimeNs / 1_000_000n) - Date.now()) < 60_000);
    assert.equal(await textIn(tree, 'files/EOF'), `home is ${BASE_PATH}\n`);
    assert.equal(await textIn(tree, 'files/RAW'), 'home is $PATH\n');
  });

  it('keeps commands from writing the files of names that they are given', async () => {
    const before = readFileSync('/etc/resolv.conf', 'utf8');
    for (const network of ['none', 'host'] as const)
      for (const file of ['/etc/hosts', '/etc/resolv.conf']) {
        const dockerfile = `FROM busybox\nRUN echo lost >> ${file}\n`;
        await assert.rejects(
          rig.build(dockerfile, {}, { options: { network } }),
          /Read-only file system|exit code: 1/,
        );
      }
    assert.equal(readFileSync('/etc/resolv.conf', 'utf8'), before);
  });

  it('stops when it is cancelled, and the next build goes on from the finished steps', async () => {
    const abort = new AbortController();
    const dockerfile = 'FROM busybox\nRUN echo done > /a\nRUN echo waiting && sleep 60\n';
    const stopped = rig.build(
      dockerfile,
      {},
      {
        signal: abort.signal,
        onNews: (news) => {
          if (news.type === 'log' && news.text.includes('waiting')) abort.abort();
        },
      },
    );
    await assert.rejects(
      stopped,
      (error: unknown) => error instanceof NaruError && error.kind === 'cancelled',
    );
    const { steps } = await rig.build(dockerfile.replace('sleep 60', 'true'), {});
    assert.deepEqual(steps, ['1 CACHED', '2 CACHED', '3 RUN']);
  });

  it('leaves no container, cgroup or bundle, however a command ends', async () => {
    const abort = new AbortController();
    const onNews = (news: BuildNews): void => {
      if (news.type === 'log' && news.text.includes('begun')) abort.abort();
    };
    await rig.build('FROM busybox\nRUN echo left 1\n', {});
    await assert.rejects(rig.build('FROM busybox\nRUN exit 3\n', {}));
    await assert.rejects(rig.build('FROM busybox\nRUN ["/no/such/program"]\n', {}));
    // Too few files even to start it.
    const ulimits = [{ name: 'nofile', soft: 10, hard: 20 }];
    await assert.rejects(rig.build('FROM busybox\nRUN echo left 2\n', {}, { options: { ulimits } }));
    await assert.rejects(
      rig.build('FROM busybox\nRUN echo begun && sleep 100\n', {}, { signal: abort.signal, onNews }),
    );
    const { runDir, cgroupParent } = rig.parts;
    const states = readdirSync(crunState(runDir)).filter((name) => name.startsWith('build-'));
    assert.deepEqual(states, []);
    assert.deepEqual(readdirSync(join(runDir, 'bundles')), []);
    const hierarchies = [
      '/sys/fs/cgroup',
      ...readdirSync('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name)),
    ];
    const left = hierarchies
      .map((path) => join(path, cgroupParent))
      .filter((path) => existsSync(path))
      .flatMap((path) => readdirSync(path).filter((name) => name.startsWith('build-')));
    assert.deepEqual(left, []);
  });

  it('asks a URL again in every build, and goes on from the cache when its bytes are the same', async () => {
    let body = 'one';
    const server = createServer((_request, response) => response.end(body));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const dockerfile = `FROM busybox\nADD http://127.0.0.1:${port}/f.txt /got\nRUN cat /got > /seen\n`;
      await rig.build(dockerfile, {});
      assert.deepEqual((await rig.build(dockerfile, {})).steps, ['1 CACHED', '2 CACHED', '3 CACHED']);
      const { steps } = await rig.preview(dockerfile, {});
      assert.deepEqual(
        steps.map((step) => step.state),
        ['CACHED', 'CACHED?', 'CACHED?'],
      );
      body = 'two';
      const changed = await rig.build(dockerfile, {});
      assert.deepEqual(changed.steps, ['1 CACHED', '2 RUN', '3 RUN']);
      assert.equal(await textIn(changed.tree, 'seen'), 'two');
    } finally {
      server.close();
    }
  });

  it('says that a download broke off, and of which address', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const url = `http://127.0.0.1:${port}/f.txt`;
      await assert.rejects(rig.build(`FROM busybox\nADD ${url} /got\n`, {}), {
        message: 'unexpected EOF',
        hint: `the server broke off while it sent ${url}`,
      });
    } finally {
      server.close();
    }
  });
});
