/** The list of verbs: what it says each file adds is what the file adds, and a verb is found behind global options. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { Command } from 'commander';

import { SECTIONS } from '../../../client/cli/commands/index.ts';
import type { CliIo } from '../../../client/cli/io.ts';
import { runCli } from '../../../client/cli/run.ts';

const VERBS = SECTIONS.flatMap(({ verbs }) => verbs);
const FOLDER = join(import.meta.dirname, '../../../client/cli/commands');

function silentIo(): CliIo & { readonly stdout: PassThrough; readonly stderr: PassThrough } {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  return { stdin, stdout, stderr, env: {}, cwd: '/', signal: new AbortController().signal };
}

/** What it prints, and its exit code. */
async function run(...argv: readonly string[]): Promise<{ said: string; code: number }> {
  const io = silentIo();
  const code = await runCli(argv, io);
  io.stdout.end();
  io.stderr.end();
  return { said: (await text(io.stdout)) + (await text(io.stderr)), code };
}

describe('verbs', () => {
  for (const verb of VERBS) {
    it(`${verb.name}: as the list says`, async () => {
      const program = new Command('naru').enablePositionalOptions();
      (await verb.load())(program, silentIo());
      const added = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
      assert.deepEqual(added, [verb.name]);
    });
  }

  it('has every file of the folder, and no verb twice', () => {
    const index = readFileSync(join(FOLDER, 'index.ts'), 'utf8');
    const missing = readdirSync(FOLDER).filter(
      (file) => file !== 'index.ts' && !index.includes(`'./${file}'`),
    );
    assert.deepEqual(missing, []);
    const verbs = VERBS.map(({ name }) => name);
    assert.equal(new Set(verbs).size, verbs.length);
  });

  for (const argv of [
    ['ps'],
    ['--host', 'ssh://build', 'ps'],
    ['-H', 'rm', 'ps'],
    ['--host=rm', 'ps'],
    ['-Hrm', 'ps'],
  ]) {
    it(`finds the verb of naru ${argv.join(' ')} --help`, async () => {
      const { said, code } = await run(...argv, '--help');
      assert.match(said, /^Usage: naru ps \[options\]/);
      assert.equal(code, 0);
    });
  }

  it('wants --host before the verb, and none that is empty', async () => {
    for (const flag of ['--host', '--host=h1', '-H']) {
      const { said, code } = await run('ps', flag, 'h1');
      assert.match(said, /unknown option '.*'\n +--host stands before the verb: naru --host HOST ps\n/);
      assert.equal(code, 125);
    }
    for (const argv of [['--host', ''], ['--host='], ['-H', '']]) {
      const { said, code } = await run(...argv, 'ps');
      assert.equal(said, 'naru: --host is empty\n      leave it out for the local engine\n');
      assert.equal(code, 1);
    }
  });

  it('knows all verbs when it is asked for help, or for one it does not have', async () => {
    const all = VERBS.map(({ name }) => name);
    for (const argv of [['--help'], ['help'], ['-H', 'x', '--help']]) {
      const { said } = await run(...argv);
      const listed = [...said.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map(([, verb]) => verb);
      assert.deepEqual(listed, [...all, 'help']);
    }
    assert.match((await run('help', 'images')).said, /^Usage: naru images/);
    assert.match((await run('help', 'network', 'create')).said, /^Usage: naru network create/);
    assert.match((await run('help', 'network')).said, /^Usage: naru network \[/);
    assert.match((await run('help', 'run', 'busybox')).said, /^Usage: naru run/);
    assert.match((await run('help', 'login')).said, /^naru: registries are not supported yet/);
    const unknown = await run('help', 'nonsense');
    assert.equal(unknown.said, 'naru: unknown help topic: nonsense\n      see naru --help\n');
    assert.equal(unknown.code, 1);
    const { said, code } = await run('biuld', '.');
    assert.equal(said, "naru: unknown command 'biuld'\n      did you mean build?\n      see naru --help\n");
    assert.equal(code, 1);
  });

  it("says of docker's other verbs what is missing, and guesses no verb of ours", async () => {
    for (const [verbs, sentence] of [
      [
        ['login', 'login registry.example', 'logout', 'search x', '--host unix:///x login'],
        'registries are not supported yet\n      images come in with naru load -i FILE or naru import, and leave with naru save',
      ],
      [
        ['compose', 'compose up -d'],
        'Compose files are not supported yet\n      docker-compose drives this engine',
      ],
      [['buildx build .'], 'buildx is not supported yet\n      naru build takes its flags'],
      [['swarm init', 'service ls'], 'swarm mode is not supported yet\n      naru run'],
    ] as const) {
      for (const verb of verbs) {
        const { said, code } = await run(...verb.split(' '));
        assert.ok(said.startsWith(`naru: ${sentence}`), said);
        assert.equal(said.trimEnd().split('\n').length, 2, said);
        assert.equal(code, 1);
      }
    }
  });

  for (const [line, text] of [
    ['run --nmae x', "unknown option '--nmae'\n      did you mean --name?\n      see naru run --help"],
    ['network create', "missing required argument 'name'\n      see naru network create --help"],
    ['volume foo', "unknown command 'foo'\n      see naru volume --help"],
    ['image ls --frob', "unknown option '--frob'\n      see naru image ls --help"],
    [
      'build --progress raw .',
      /^option '--progress <kind>' argument 'raw' is invalid\. Allowed choices are auto, plain, .*\n {6}see naru build --help$/,
    ],
  ] as const) {
    it(`naru ${line}: in the style of all errors, with the help of the right verb`, async () => {
      const { said } = await run(...line.split(' '));
      const told = /^naru: (.*)\n$/s.exec(said)?.[1] ?? said;
      if (typeof text === 'string') assert.equal(told, text);
      else assert.match(told, text);
    });
  }

  // Docker's verbs: what docker's CLI 28.5.2 ended with.
  for (const [line, wanted] of [
    ['run --bogus x', 125],
    ['run -m abc x', 125],
    ['run -p 99999:80 x', 125],
    ['run --env-file /nope x', 125],
    ['run --pull sometimes x', 125],
    ['run -a foo x', 125],
    ['create --bogus x', 125],
    ['create -m abc x', 125],
    ['container run --bogus x', 125],
    ['ps --bogus', 125],
    ['ps -f foo', 125],
    ['network ls -f foo', 125],
    ['volume prune -f --filter foo', 125],
    ['logs --tail', 125],
    ['stop -t abc x', 125],
    ['update -m abc x', 125],
    ['build --bogus .', 125],
    ['build --progress rawjson .', 125],
    ['build --progress tty /no/such', 1],
    ['build --progress auto /no/such', 1],
    ['--bogus', 125],
    ['run', 1],
    ['run -d -a stdout x', 1],
    ['build --build-arg =2 .', 1],
    ['create', 1],
    ['exec', 1],
    ['exec --env-file /nope x y', 1],
    ['rm', 1],
    ['ps x', 1],
    ['cp a b', 1],
    ['cp a: b', 1],
    ['rename x', 1],
    ['network create', 1],
    ['network frob', 1],
    ['frob', 1],
    ['build /no/such', 1],
    ['load -i /no/such', 1],
    ['tag busybox UPPER:x', 1],
    ['network', 0],
    ['', 0],
    // Ours.
    ['lint --bogus', 2],
    ['lint /no/such', 2],
    ['preview --bogus', 2],
    ['preview /no/such', 2],
    ['forward --bogus', 2],
    ['engine --bogus', 2],
  ] as const) {
    it(`naru ${line}: exit code ${wanted}`, async () => {
      const { code, said } = await run('--host', 'unix:///no/such.sock', ...line.split(' ').filter(Boolean));
      assert.equal(code, wanted, said);
      assert.doesNotMatch(said, /unexpected failure/);
    });
  }

  it('preview takes a command line of build, and looks for the engine', async () => {
    const line = 'preview -t a -t b -q -o out --iidfile c --metadata-file d --load --pull --progress plain';
    const { said } = await run('--host', 'unix:///no/such.sock', ...line.split(' '));
    assert.match(said, /cannot connect to the engine/);
  });

  it('says of no flag that nothing is its default', async () => {
    for (const verb of ['run', 'build', 'preview', 'ps']) {
      const { said } = await run(verb, '--help');
      assert.match(said, /--/);
      assert.doesNotMatch(said, /default: \[\]/);
    }
  });
});
