/** `naru lint` from its arguments to what it prints: inputs, configuration, formats, repair, exit codes, shellcheck. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { runCli } from '../../../client/cli/run.ts';
import { FORMAT_NAMES } from '../../../core/lint/formats/names.ts';
import type { Reported } from '../../../core/lint/formats/reported.ts';
import { findShellcheck } from '../../../local/shellcheck.ts';
import { skipBecause } from '../../support/skip.ts';
import { nOpen } from '../../support/open-files.ts';
import { until } from '../../support/until.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('naru lint', () => {
  const root = mkdtempSync(join(tmpdir(), 'naru-cli-lint-'));
  const home = join(root, 'home');
  let nFolders = 0;
  after(() => rmSync(root, { recursive: true, force: true }));

  /** A folder with these files, for one test. */
  function folder(files: Readonly<Record<string, string | Buffer>>): string {
    const path = join(root, `f${(nFolders += 1)}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(path, name, '..'), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  }

  async function lint(
    cwd: string,
    args: readonly string[],
    more: Partial<Given> = {},
  ): Promise<Outcome & { readonly stdoutBytes: Buffer }> {
    const stdout = collector();
    const stderr = collector();
    const code = await runCli(['lint', ...args], {
      stdin: Readable.from([Buffer.from(more.stdin ?? '')]),
      stdout: stdout.stream,
      stderr: Object.assign(stderr.stream, { isTTY: more.isTerminal === true }),
      // No shellcheck unless a test brings one.
      env: { HOME: home, ...more.env },
      cwd,
      signal: new AbortController().signal,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text(), stdoutBytes: stdout.bytes() };
  }

  /** `file:line:column-endLine:endColumn level code`, the file without its folder. */
  async function found(cwd: string, args: readonly string[], more: Partial<Given> = {}): Promise<string[]> {
    const { stderr, stdout } = await lint(cwd, ['--format', 'json', ...args], more);
    assert.equal(stderr, '');
    const reported = JSON.parse(stdout) as Reported[]; // our own format
    return reported.map(({ code, column, endColumn, endLine, file, level, line }) => {
      return `${file.replace(`${cwd}/`, '')}:${line}:${column}-${endLine}:${endColumn} ${level} ${code}`;
    });
  }

  const SUDO = 'FROM a:1\nRUN sudo id\n';
  const ONLY_SUDO = ['--rules', 'hadolint', '--ignore', 'DL3066'];

  it('names files as they were given, in the order they were given', async () => {
    const cwd = folder({ b: SUDO, a: 'FROM a\n', 'c d': SUDO });
    const files = ['b', 'a', 'c d'].map((name) => join(cwd, name));
    assert.deepEqual(await found(cwd, [...ONLY_SUDO, ...files]), [
      'b:2:5-2:9 error DL3004',
      'a:1:6-1:7 warning DL3006',
      'c d:2:5-2:9 error DL3004',
    ]);
  });

  it('reads the same findings from stdin, called - or as the user wishes', async () => {
    const cwd = folder({ D: '' });
    assert.deepEqual(await found(cwd, [...ONLY_SUDO, '-'], { stdin: SUDO }), ['-:2:5-2:9 error DL3004']);
    const named = [...ONLY_SUDO, '--file-path-in-report', 'x/Dockerfile', '-'];
    assert.deepEqual(await found(cwd, named, { stdin: SUDO }), ['x/Dockerfile:2:5-2:9 error DL3004']);
  });

  it('finds Dockerfiles below a folder, not in hidden ones or node_modules', async () => {
    const cwd = folder({
      Dockerfile: SUDO,
      'z/Dockerfile.dev': SUDO,
      'a/x.dockerfile': SUDO,
      'a/Containerfile': SUDO,
      'a/Dockerfile.dockerignore': '*',
      'a/README.md': SUDO,
      'node_modules/Dockerfile': SUDO,
      '.git/Dockerfile': SUDO,
    });
    const files = (await found(cwd, [...ONLY_SUDO, cwd])).map((line) => line.split(':')[0]);
    assert.deepEqual(files, ['Dockerfile', 'a/Containerfile', 'a/x.dockerfile', 'z/Dockerfile.dev']);
  });

  it('takes a lower-case dockerfile, and leaves out backups and templates unless they are named', async () => {
    const others = ['.bak', '.orig', '.old', '.rej', '.swp', '.j2', '.jinja2', '.erb', '.tmpl', '.TPL'];
    const names = [...others, '.template', '.in', '.mustache', '.hbs', '.dev~', '.dev.j2'];
    const files = Object.fromEntries(names.map((end) => [`Dockerfile${end}`, SUDO]));
    const cwd = folder({
      ...files,
      'Dockerfile.in-house': SUDO,
      'low/dockerfile': SUDO,
      'x.dockerfile.bak': SUDO,
    });
    const searched = (await found(cwd, [...ONLY_SUDO, cwd])).map((line) => line.split(':')[0]);
    assert.deepEqual(searched, ['Dockerfile.in-house', 'low/dockerfile']);
    const named = await found(cwd, [...ONLY_SUDO, join(cwd, 'Dockerfile.bak')]);
    assert.deepEqual(named, ['Dockerfile.bak:2:5-2:9 error DL3004']);
  });

  it('reads linked files below a folder, and passes by links to nothing and pipes', async () => {
    const cwd = folder({ 'a/Dockerfile': SUDO, 'b/text': SUDO });
    symlinkSync('gone', join(cwd, 'Dockerfile'));
    symlinkSync('text', join(cwd, 'b/Dockerfile'));
    execFileSync('mkfifo', [join(cwd, 'Dockerfile.pipe')]);
    const files = (await found(cwd, [...ONLY_SUDO, cwd])).map((line) => line.split(':')[0]);
    assert.deepEqual(files, ['a/Dockerfile', 'b/Dockerfile']);
  });

  const TEXTS: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
    ['Windows line ends', 'FROM a:1\r\nRUN true && \\\r\n  sudo id\r\n', ['D:2:1-2:1 error DL3004']],
    [
      'a byte order mark',
      '\uFEFFFROM a\nRUN sudo id\n',
      ['D:1:6-1:7 warning DL3006', 'D:2:5-2:9 error DL3004'],
    ],
    ['no newline at the end', 'FROM a:1\nRUN sudo id', ['D:2:5-2:9 error DL3004']],
    ['nothing', '', []],
    ['blank lines', '\n\n \n', []],
    ['comments alone', '# syntax=docker/dockerfile:1\n# one\n', []],
    ['characters beyond UTF-16', 'FROM a:1\nRUN echo 😀 && sudo id\n', ['D:2:16-2:20 error DL3004']],
    [
      'bytes that are no UTF-8',
      Buffer.from('FROM a:1\nRUN echo \xff && sudo id\n', 'latin1'),
      ['D:2:15-2:19 error DL3004'],
    ],
    ['tabs', 'FROM a:1\nRUN\tsudo\tid\n', ['D:2:5-2:9 error DL3004']],
    [
      'two findings of one rule in an instruction',
      'FROM a:1\nRUN sudo a && sudo b\n',
      ['D:2:5-2:9 error DL3004'],
    ],
    [
      'an unknown instruction',
      'FROM a:1\nRUNN x\nRUN sudo id\n',
      ['D:2:1-2:5 error E_UNKNOWN_INSTRUCTION', 'D:3:5-3:9 error DL3004'],
    ],
    ['no FROM', 'RUN sudo id\n', ['D:1:1-1:4 error DL3061', 'D:1:5-1:9 error DL3004']],
  ];
  for (const [what, text, wanted] of TEXTS) {
    it(`takes ${what}`, async () => {
      const cwd = folder({ D: text });
      assert.deepEqual(await found(cwd, ['--rules', 'hadolint', join(cwd, 'D')]), wanted);
    });
  }

  it('looks for its configuration in the working directory, then where users keep theirs', async () => {
    const cwd = folder({ D: SUDO, 'sub/D': SUDO, 'sub/.hadolint.yaml': 'ignored: [DL3004]\n' });
    assert.equal((await found(cwd, [...ONLY_SUDO, join(cwd, 'sub/D')])).length, 1);
    assert.deepEqual(await found(join(cwd, 'sub'), [...ONLY_SUDO, join(cwd, 'sub/D')]), []);
    for (const path of ['.hadolint.yml', '.hadolint/config.yaml', '.config/hadolint.yaml']) {
      const user = folder({ [path]: 'override:\n  info: [DL3004]\n' });
      const env = { HOME: user };
      assert.deepEqual(
        await found(cwd, [...ONLY_SUDO, join(cwd, 'D')], { env }),
        ['D:2:5-2:9 info DL3004'],
        path,
      );
    }
    const xdg = folder({ 'hadolint.yaml': 'ignored: [DL3004]\n' });
    assert.deepEqual(await found(cwd, [...ONLY_SUDO, join(cwd, 'D')], { env: { XDG_CONFIG_HOME: xdg } }), []);
  });

  it('takes --config instead, and lets flags have the last word', async () => {
    const cwd = folder({
      D: SUDO,
      '.hadolint.yaml': 'ignored: [DL3004]\n',
      'other.yaml': 'override:\n  style: [DL3004]\nfailure-threshold: error\nformats: [gnu]\n',
    });
    const config = ['--config', join(cwd, 'other.yaml')];
    assert.deepEqual(await found(cwd, [...ONLY_SUDO, ...config, join(cwd, 'D')]), ['D:2:5-2:9 style DL3004']);
    const plain = await lint(cwd, [...ONLY_SUDO, ...config, join(cwd, 'D')]);
    assert.equal(plain.code, 0);
    assert.match(plain.stdout, /D:2:5: style: .* \[DL3004\]\n$/);
    assert.equal((await lint(cwd, [...ONLY_SUDO, ...config, '-t', 'style', join(cwd, 'D')])).code, 1);
  });

  it('knows label schemas and trusted registries from the file, the environment and flags', async () => {
    const cwd = folder({
      D: 'FROM other.io/a:1\nLABEL rev="xyz" more=""\n',
      '.hadolint.yaml': 'trustedRegistries: [docker.io]\nlabel-schema:\n  rev: hash\nstrict-labels: true\n',
    });
    const bare = folder({});
    const wanted = ['D:1:6-1:18 error DL3026', 'D:2:11-2:15 info DL3050', 'D:2:11-2:11 warning DL3055'];
    const file = join(cwd, 'D');
    const codes = (lines: readonly string[]): string[] =>
      lines.map((line) => line.split(' ')[2] ?? '').sort();
    assert.deepEqual(codes(await found(cwd, ['--rules', 'hadolint', file])), codes(wanted));
    const env = {
      HADOLINT_TRUSTED_REGISTRIES: 'docker.io',
      HADOLINT_REQUIRE_LABELS: 'rev:hash',
      HADOLINT_STRICT_LABELS: '1',
    };
    assert.deepEqual(codes(await found(bare, ['--rules', 'hadolint', file], { env })), codes(wanted));
    const flags = ['--trusted-registry', 'docker.io', '--require-label', 'rev:hash', '--strict-labels'];
    assert.deepEqual(codes(await found(bare, ['--rules', 'hadolint', ...flags, file])), codes(wanted));
    const both = await found(cwd, [
      '--rules',
      'hadolint',
      '--trusted-registry',
      'other.*',
      '--require-label',
      'more:text',
      file,
    ]);
    assert.deepEqual(codes(both), ['DL3051', 'DL3055']);
  });

  it('obeys comments, unless told otherwise', async () => {
    const text = 'FROM a:1\n# hadolint ignore=DL3004\nRUN sudo id\n';
    const cwd = folder({ D: text });
    const file = join(cwd, 'D');
    assert.deepEqual(await found(cwd, [...ONLY_SUDO, file]), []);
    assert.equal((await found(cwd, [...ONLY_SUDO, '--disable-ignore-pragma', file])).length, 1);
    assert.equal(
      (await found(cwd, [...ONLY_SUDO, file], { env: { HADOLINT_DISABLE_IGNORE_PRAGMA: 'true' } })).length,
      1,
    );
  });

  it('ends with 0, 1 or 2', async () => {
    const cwd = folder({
      clean: 'FROM a:1\nUSER 1\n',
      info: 'FROM a:1\nRUN ps\nUSER 1\n',
      empty: '',
      bad: 'ignored: 3\n',
    });
    const cases: readonly (readonly [readonly string[], readonly string[], number])[] = [
      [[], ['clean'], 0],
      [[], ['info'], 1],
      [['-t', 'warning'], ['info'], 0],
      [['-t', 'info'], ['info'], 1],
      // hadolint: severities from there on, which are all.
      [['-t', 'none'], ['info'], 1],
      [['-t', 'ignore'], ['info'], 1],
      [['--rules', 'naru', '-t', 'none'], ['info'], 0],
      [['--rules', 'naru', '-t', 'ignore'], ['info'], 0],
      // hadolint: style alone is no failure unless it is asked for.
      [['--style', 'DL3001'], ['info'], 0],
      [['-f', 'codeclimate'], ['info'], 0],
      [['-f', 'json', '-f', 'codacy'], ['info'], 0],
      [['-f', 'gitlab_codeclimate'], ['info'], 1],
      [['--rules', 'naru', '-f', 'codeclimate'], ['info'], 1],
      [['-f', 'json', '-o', '/nowhere/at/all'], ['info'], 2],
      [['--no-fail'], ['info'], 0],
      [[], ['clean', 'info'], 1],
      [[], ['empty'], 0],
      [[], ['missing'], 2],
      [['--config', join(cwd, 'missing')], ['clean'], 2],
      [['--config', join(cwd, 'bad')], ['clean'], 2],
      [['--format', 'xml'], ['clean'], 2],
      [['--rules', 'mine'], ['clean'], 2],
      [['--unknown'], ['clean'], 2],
    ];
    for (const [flags, files, code] of cases) {
      const paths = files.map((name) => join(cwd, name));
      const outcome = await lint(cwd, ['--rules', 'hadolint', ...flags, ...paths]);
      assert.equal(outcome.code, code, `${flags.join(' ')} ${files.join(' ')}: ${outcome.stderr}`);
      if (code === 2) assert.notEqual(outcome.stderr, '');
    }
  });

  it('writes several reports, each in its format, and what has no place to stdout', async () => {
    const cwd = folder({ D: SUDO });
    const args = [
      ...ONLY_SUDO,
      '-f',
      'json',
      '-f',
      'gnu',
      '-f',
      'tty',
      '-o',
      'a.json',
      '-o',
      join(cwd, 'b.txt'),
    ];
    const { code, stdout, stderr } = await lint(cwd, [...args, join(cwd, 'D')]);
    assert.deepEqual([code, stderr], [1, '']);
    const [first] = JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8')) as Reported[]; // our own format
    assert.equal(first?.code, 'DL3004');
    assert.match(readFileSync(join(cwd, 'b.txt'), 'utf8'), /D:2:5: error: .* \[DL3004\]\n$/);
    assert.match(stdout, /D:2:5 error DL3004 /);
    await lint(cwd, [...ONLY_SUDO, '-o', 'a,b', join(cwd, 'D')]);
    assert.match(readFileSync(join(cwd, 'a,b'), 'utf8'), /DL3004/);
    const own = await lint(cwd, [...ONLY_SUDO, '-o', join(cwd, 'D'), join(cwd, 'D')]);
    assert.deepEqual([own.code, readFileSync(join(cwd, 'D'), 'utf8')], [2, SUDO]);
    assert.match(own.stderr, /^naru: the report would take the place of \S+\/D, which is linted\n/);
    const both = await lint(cwd, [...ONLY_SUDO, '-o', join(cwd, 'no/x'), join(cwd, 'D'), join(cwd, 'nope')]);
    assert.match(both.stderr, /nope[^]*the report cannot be written/);
    const lost = await lint(cwd, [...ONLY_SUDO, '-o', join(cwd, 'no/x'), join(cwd, 'D')]);
    assert.match(
      lost.stderr,
      /^naru: the report cannot be written to \S+\/no\/x: no such file or directory\n/,
    );
  });

  it('names the formats in its help', async () => {
    const { stdout } = await lint(folder({}), ['--help']);
    for (const name of FORMAT_NAMES) assert.ok(stdout.includes(JSON.stringify(name)), name);
  });

  it('tells what no rule, key or label type is called', async () => {
    const cwd = folder({
      D: 'FROM a:1\nUSER 1\n',
      '.hadolint.yaml':
        'ignord: [DL3003]\nignored: [DL9999, SC2086, DL3003]\noverride: {fatal: [DL3004], info: [nonsense]}\n',
    });
    const file = join(cwd, 'D');
    const { code, stderr } = await lint(cwd, ['--ignore', 'DL99', file]);
    const told = [
      `${cwd}/.hadolint.yaml:1:1: the configuration has no key ignord`,
      `${cwd}/.hadolint.yaml:3:12: the configuration has no key override.fatal`,
      ...['DL9999', 'DL99', 'nonsense'].map((id) => `no rule is called ${id}`),
    ];
    assert.deepEqual([code, stderr.trim().split('\n')], [0, told.map((text) => `naru: ${text}`)]);
    const bad = await lint(cwd, ['--require-label', 'a:bad', file]);
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /--require-label: the type of a must be one of text, url/);
  });

  it('tells what it passes over of the environment, and refuses the same in a file', async () => {
    const cwd = folder({ D: 'FROM a:1\nUSER 1\n', 'c.yaml': '# one\nformat: yaml\n', no: 'a:\n- b\nc\n' });
    const file = join(cwd, 'D');
    const env = { HADOLINT_FAILURE_THRESHOLD: 'nonsense' };
    const { code, stdout, stderr } = await lint(cwd, [file], { env });
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^naru: HADOLINT_FAILURE_THRESHOLD must be one of style, .*\n$/);
    const refused = await lint(cwd, ['--config', join(cwd, 'c.yaml'), file]);
    assert.equal(refused.code, 2);
    const broken = await lint(cwd, ['--config', join(cwd, 'no'), file]);
    assert.match(broken.stderr, /^naru: \S+no:3:1: .+\n$/);
    assert.match(refused.stderr, /^naru: \S+c\.yaml:2:1: format must be one of tty, json, .*\n$/);
  });

  it('says with --verbose, its key or its variable what it goes by and what it reads', async () => {
    const cwd = folder({ D: SUDO, E: 'FROM a:1\n', '.hadolint.yaml': 'failure-threshold: error\n' });
    const given = [...ONLY_SUDO, '--format', 'json', join(cwd, 'D'), join(cwd, 'E')];
    const told = [
      `naru: configuration: ${cwd}/.hadolint.yaml`,
      'naru: rules: hadolint, failure threshold: error',
      `naru: ${cwd}/D: 1 finding`,
      `naru: ${cwd}/E: 0 findings`,
      '',
    ];
    const plain = await lint(cwd, given);
    for (const [args, env] of [
      [['-V'], {}],
      [['--verbose'], {}],
      [[], { HADOLINT_VERBOSE: '1' }],
    ] as const) {
      const outcome = await lint(cwd, [...args, ...given], { env });
      assert.deepEqual(outcome.stderr.split('\n'), told);
      assert.deepEqual([outcome.stdout, outcome.code], [plain.stdout, plain.code]);
    }
    assert.equal(plain.stderr, '');
    writeFileSync(join(cwd, '.hadolint.yaml'), 'verbose: true\n');
    assert.match((await lint(cwd, given)).stderr, /^naru: configuration: /);
  });

  it('answers its version, as hadolint does', async () => {
    for (const flag of ['-v', '--version'])
      assert.match((await lint(root, [flag])).stdout, /^\d+\.\d+\.\d+\S*\n$/);
  });

  it('reads a file once, however often it is named', async () => {
    const cwd = folder({ Dockerfile: 'FROM a:1\nRUN ps\nUSER 1\n' });
    const paths = [cwd, join(cwd, 'Dockerfile'), `${cwd}/./Dockerfile`];
    assert.equal((await found(cwd, ['--rules', 'hadolint', ...paths])).length, 1);
  });

  it('says on stderr how many problems it repaired in each file, and how many are left', async () => {
    const TWO = 'FROM a:1\nADD x /y\nADD z /y\nRUN sudo id\n';
    const cwd = folder({ a: TWO, b: 'FROM a:1\nADD x /y\n', c: SUDO, d: 'FROM a:1\n' });
    const files = ['a', 'b', 'c', 'd'].map((name) => join(cwd, name));
    const { code, stdout, stderr } = await lint(cwd, [...ONLY_SUDO, '--fix', '--format', 'json', ...files]);
    assert.equal(
      stderr,
      `naru: 2 problems fixed in ${cwd}/a (changes what is built), 1 left\nnaru: 1 problem fixed in ${cwd}/b (changes what is built), none left\n`,
    );
    const lines = (JSON.parse(stdout) as Reported[]).map(({ file, line }) => `${file}:${line}`); // our own format
    assert.deepEqual([code, lines], [1, [`${cwd}/a:4`, `${cwd}/c:2`]]);
  });

  it('reports what it can read before it says what it cannot, and ends with 2', async () => {
    const cwd = folder({ a: SUDO, 'empty/x': '', b: SUDO });
    const at = (name: string): string => join(cwd, name);
    const told = `naru: no such file or folder: ${cwd}/no\nnaru: no Dockerfile in ${cwd}/empty\n      files called`;
    for (const args of [
      [at('a'), at('no'), at('empty'), at('b')],
      [at('no'), at('empty'), at('a'), at('b'), '--no-fail'],
    ]) {
      const { code, stdout, stderr } = await lint(cwd, [...ONLY_SUDO, ...args]);
      assert.deepEqual(
        stdout.split('\n').map((line) => line.split(' ')[0]),
        [`${cwd}/a:2:5`, `${cwd}/b:2:5`, ''],
      );
      assert.ok(stderr.startsWith(told), stderr);
      assert.equal(code, 2);
    }
    const nothing = await lint(cwd, ['--format', 'json', at('no')]);
    assert.deepEqual([nothing.code, nothing.stdout], [2, '']);
  });

  it('repairs files in place and stdin onto stdout', async () => {
    const cwd = folder({ D: 'FROM a:1\nRUN apt-get install a=1\n' });
    const fixed = 'FROM a:1\nRUN apt-get install --no-install-recommends -y a=1\n';
    await lint(cwd, ['--fix-all', '--rules', 'hadolint', join(cwd, 'D')]);
    assert.deepEqual(readFileSync(join(cwd, 'D'), 'utf8').split(/\s/).sort(), fixed.split(/\s/).sort());
    const outcome = await lint(cwd, ['--fix', '--rules', 'hadolint', '-'], { stdin: 'FROM a:1\nADD x /y\n' });
    const told = 'naru: 1 problem fixed in - (changes what is built), none left\n';
    const { code, stderr, stdout } = outcome;
    assert.deepEqual([code, stdout, stderr], [0, 'FROM a:1\nCOPY x /y\n', told]);
  });

  it('leaves a file that is no UTF-8 as it is, and says so where something could be repaired', async () => {
    const latin = Buffer.from('FROM a:1\n# caf\xe9\nADD x /y\n', 'latin1');
    const clean = Buffer.from('FROM a:1\n# caf\xe9\n', 'latin1');
    const cwd = folder({ D: latin, clean });
    const args = ['--fix', '--rules', 'hadolint'];
    const outcome = await lint(cwd, [...args, join(cwd, 'D'), join(cwd, 'clean')]);
    assert.deepEqual(readFileSync(join(cwd, 'D')), latin);
    assert.equal(outcome.stderr, `naru: ${cwd}/D is not UTF-8, so it is not repaired\n`);
    assert.match(outcome.stdout, /^\S+D:3:5 error DL3020 .*\n$/);
    assert.equal(outcome.code, 1);
    const piped = await lint(cwd, [...args, '-'], { stdin: latin });
    assert.deepEqual(piped.stdoutBytes, latin);
    assert.match(piped.stderr, /^naru: - is not UTF-8, so it is not repaired\n-:3:5 error DL3020 /);
    assert.equal(piped.code, 1);
  });

  it('repairs no pipe, where the text would be lost', async () => {
    const cwd = folder({ D: 'FROM a:1\nADD x /y\n' });
    const pipe = join(cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const outcome = await lint(cwd, ['--fix', pipe, join(cwd, 'D')]);
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /naru: cannot repair \S+pipe: it is no regular file\n {6}.*--fix - .*\n$/);
    assert.equal(readFileSync(join(cwd, 'D'), 'utf8'), 'FROM a:1\nCOPY x /y\n');
  });

  it('tells what is left of stdin beside the repaired text', async () => {
    const stdin = 'FROM a:1\nADD x /y\nRUN sudo z\n';
    const outcome = await lint(folder({}), ['--fix', '--rules', 'hadolint', '-'], { stdin });
    assert.equal(outcome.stdout, 'FROM a:1\nCOPY x /y\nRUN sudo z\n');
    assert.match(
      outcome.stderr,
      /^naru: 1 problem fixed in - \(changes what is built\), 1 left\n-:3:5 error DL3004 /,
    );
    assert.equal(outcome.code, 1);
  });

  it('says of a file that cannot be built that it cannot, whose rules ever are asked for', async () => {
    for (const rules of ['naru', 'hadolint', 'buildkit', 'all']) {
      const told = await found(folder({}), ['--rules', rules, '-'], { stdin: 'FROM a:1\nRUNN x\n' });
      assert.deepEqual(told, ['-:2:1-2:5 error E_UNKNOWN_INSTRUCTION'], rules);
    }
  });

  it('says with the checks of BuildKit what it refuses once values are known', async () => {
    const stdin = 'FROM scratch\nSTOPSIGNAL foo\n';
    assert.deepEqual(await found(folder({}), ['--rules', 'buildkit', '-'], { stdin }), [
      '-:2:12-2:15 error NR102',
    ]);
  });

  it('stands on the word itself, and for a tool on the line of the tool', async () => {
    const stdin = 'FROM a:1\nRUN a \\\n\n  && b\n';
    const only = (rules: string): Promise<readonly string[]> =>
      found(folder({}), ['--rules', rules, '--no-shellcheck', '-'], { stdin });
    assert.deepEqual(await only('naru'), ['-:3:1-3:1 warning NoEmptyContinuation']);
    assert.deepEqual(await only('buildkit'), ['-:4:1-4:1 warning NoEmptyContinuation']);
  });

  it('leaves alone what it can only guess', async () => {
    const stdin = 'FROM a:1\nENV NAME=1\nUSER $NMAE\n';
    const outcome = await lint(folder({}), ['--fix', '-'], { stdin });
    assert.equal(outcome.stdout, stdin);
    assert.match(outcome.stderr, /UndefinedVar/);
  });

  it('reads a pipe as it fills', async () => {
    const cwd = folder({ D: '' });
    execFileSync('mkfifo', [join(cwd, 'full')]);
    const full = join(cwd, 'full');
    const writer = openSync(full, 'r+'); // does not wait for a reader
    writeSync(writer, 'FROM a:1\nRUN sudo x\n');
    const linted = lint(cwd, [...ONLY_SUDO, '--format', 'json', full]);
    await until('the pipe is open twice', () => nOpen(full) === 2);
    closeSync(writer);
    const { code, stdout } = await linted;
    assert.equal(code, 1);
    assert.equal((JSON.parse(stdout) as readonly unknown[]).length, 1);
  });

  it('does not repair stdin beside files', async () => {
    const cwd = folder({ D: 'FROM a:1\nADD x /y\n' });
    const outcome = await lint(cwd, ['--fix', '-', join(cwd, 'D')], { stdin: 'FROM a:1\n' });
    assert.equal(outcome.code, 2);
    assert.match(
      outcome.stderr,
      /^naru: --fix cannot repair stdin beside files\n +repair them one after the other\n$/,
    );
    assert.equal(readFileSync(join(cwd, 'D'), 'utf8'), 'FROM a:1\nADD x /y\n');
  });

  describe('with a shellcheck', () => {
    const ECHO = 'FROM a:1\nRUN true && \\\n  echo $WORDS\n';

    /** A program on PATH that prints this. */
    function shellcheck(body: string): { readonly PATH: string } {
      const path = folder({ shellcheck: `#!/bin/sh\n${body}\n` });
      chmodSync(join(path, 'shellcheck'), 0o755);
      return { PATH: `${path}:/usr/bin:/bin` };
    }

    it('asks it, unless told not to', async () => {
      const comment =
        '{"file":"0.sh","line":11,"endLine":11,"column":2,"endColumn":6,"level":"error","code":9999,"message":"m"}';
      const env = shellcheck(`echo '{"comments":[${comment}]}'`);
      const cwd = folder({ D: ECHO });
      const file = join(cwd, 'D');
      assert.deepEqual(await found(cwd, [file], { env }), ['D:3:3-3:7 error SC9999']);
      assert.deepEqual(await found(cwd, ['--rules', 'buildkit', file], { env }), []);
      assert.ok(
        !(await found(cwd, ['--no-shellcheck', file], { env })).some((line) => line.includes('SC9999')),
      );
    });

    it('tells a person who asks for all of hadolint that there is none', async () => {
      const cwd = folder({ D: ECHO });
      const file = join(cwd, 'D');
      const seen = async (args: readonly string[]): Promise<string> =>
        (await lint(cwd, [...args, file, file], { isTerminal: true })).stderr;
      assert.match(await seen(['--rules', 'hadolint']), /^naru: no shellcheck on PATH: .*\n$/);
      assert.equal(await seen(['--rules', 'hadolint', '--no-shellcheck']), '');
      assert.equal(await seen([]), '');
      assert.equal((await lint(cwd, ['--rules', 'hadolint', file])).stderr, '');
    });

    it('shows on a terminal what it is waiting for, and takes the line away', async () => {
      const cwd = folder({ D: ECHO });
      const go = join(cwd, 'go');
      const env = shellcheck(`until [ -e '${go}' ]; do sleep 0.01; done; echo '{"comments":[]}'`);
      const stderr = collector();
      const linted = runCli(['lint', join(cwd, 'D')], {
        stdin: Readable.from([]),
        stdout: collector().stream,
        stderr: Object.assign(stderr.stream, { isTTY: true, columns: 200 }),
        env: { HOME: home, ...env },
        cwd,
        signal: new AbortController().signal,
      });
      await until('the line is there', () => stderr.text().includes(`lint: ${cwd}/D (1 of 1)`));
      writeFileSync(go, '');
      await linted;
      assert.ok(stderr.text().endsWith('\r\u001B[K'), stderr.text());
    });

    it('goes on without it, and says so once, when it fails', async () => {
      const cwd = folder({ D: ECHO, E: ECHO });
      const env = shellcheck('echo oh no; exit 3');
      const outcome = await lint(cwd, ['--rules', 'hadolint', join(cwd, 'D'), join(cwd, 'E')], { env });
      assert.match(
        outcome.stderr,
        /^naru: \S+\/shellcheck did not answer as ShellCheck does; its rules are left out\n$/,
      );
    });

    it('reports what the real one finds, on the words', async function () {
      const real = findShellcheck(process.env);
      if (real === undefined) skipBecause(this, 'there is no shellcheck on PATH');
      const cwd = folder({
        D: `${ECHO}RUN <<EOF\n\techo $MORE\nEOF\n# hadolint ignore=SC2086\nRUN echo $QUIET\n`,
      });
      const env = { PATH: join(real, '..') };
      const lines = await found(cwd, [join(cwd, 'D')], { env });
      assert.deepEqual(
        lines.filter((line) => line.includes('SC')),
        ['D:3:8-3:14 info SC2086', 'D:5:7-5:12 info SC2086'],
      );
    });
  });
});

interface Given {
  readonly stdin: string | Buffer;
  readonly env: Readonly<Record<string, string>>;
  readonly isTerminal: boolean;
}

function collector(): {
  readonly stream: Writable;
  readonly text: () => string;
  readonly bytes: () => Buffer;
} {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  const bytes = (): Buffer => Buffer.concat(chunks);
  return { stream, bytes, text: () => bytes().toString('utf8') };
}
