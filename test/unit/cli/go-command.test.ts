/** Boolean flags with a value, as in `docker run --tty=false`. */

import assert from 'node:assert/strict';

import { GoCommand } from '../../../client/cli/go-command.ts';

/** What the flags and the arguments of a verb turn out as. */
function parsed(line: string): string {
  let told = '';
  const program = new GoCommand('naru')
    .enablePositionalOptions()
    .version('1', '-v, --version')
    .option('-H, --host <target>')
    .exitOverride();
  program
    .command('run')
    .passThroughOptions()
    .configureOutput({ writeErr: () => undefined })
    .argument('<image>')
    .argument('[command...]')
    .option('-t, --tty')
    .option('--name <name>')
    .option('-p, --pause', '', true)
    .option('--no-pause')
    .option('--no-trunc')
    .action((image: string, command: readonly string[], flags: object) => {
      told = `${JSON.stringify(flags)} ${[image, ...command].join(' ')}`;
    });
  program.parse(line.split(' '), { from: 'user' });
  return told;
}

const CASES: readonly (readonly [line: string, told: string])[] = [
  ['run a', '{"pause":true,"trunc":true} a'],
  ['run --tty=true a', '{"pause":true,"trunc":true,"tty":true} a'],
  ['run --tty=false a', '{"pause":true,"trunc":true} a'],
  ['run -t=1 --no-trunc=T a', '{"pause":true,"trunc":false,"tty":true} a'],
  ['run --no-trunc=False a', '{"pause":true,"trunc":true} a'],
  ['run --pause=0 a', '{"pause":false,"trunc":true} a'],
  ['run -p=f a', '{"pause":false,"trunc":true} a'],
  ['run --no-pause=false a', '{"pause":true,"trunc":true} a'],
  ['run --name --tty=true a', '{"pause":true,"trunc":true,"name":"--tty=true"} a'],
  ['run --name=--tty=true a', '{"pause":true,"trunc":true,"name":"--tty=true"} a'],
  ['run a b --tty=false -t=1', '{"pause":true,"trunc":true} a b --tty=false -t=1'],
  ['run a b -v=1 --version=false', '{"pause":true,"trunc":true} a b -v=1 --version=false'],
  ['-H --tty=false run a', '{"pause":true,"trunc":true} a'],
];

describe('flags of docker', () => {
  for (const [line, told] of CASES) it(line, () => assert.equal(parsed(line), told));

  it('are unknown with another value', () => {
    assert.throws(() => parsed('run --tty=perhaps a'), /unknown option '--tty=perhaps'/);
  });
});
