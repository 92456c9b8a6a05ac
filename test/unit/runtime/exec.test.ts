/** Running a process to its end: output, exit codes, cancelling, and what errors say. */

import assert from 'node:assert/strict';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { exec, execStatus } from '../../../runtime/host/exec.ts';

const NODE = process.execPath;

function script(source: string): string[] {
  return [NODE, '-e', source];
}

describe('exec', () => {
  it('returns both outputs and feeds stdin', async () => {
    const source = 'process.stdin.pipe(process.stdout); console.error("note")';
    const result = await exec(script(source), { input: 'in\n' });
    assert.deepEqual(result, { stdout: 'in\n', stderr: 'note\n', exitCode: 0, signal: undefined });
  });

  it('gives an exit code as an answer when asked to', async () => {
    assert.equal((await execStatus(script('process.exit(3)'))).exitCode, 3);
  });

  it('says what failed, without the secrets', async () => {
    const argv = [...script('console.error("bad hunter2"); process.exit(4)'), 'hunter2'];
    await assert.rejects(exec(argv, { secrets: ['hunter2'] }), (error) => {
      assert.ok(error instanceof NaruError);
      assert.match(error.message, /exit code 4: bad <redacted>$/);
      assert.ok(!error.message.includes('hunter2'));
      return true;
    });
  });

  it('calls a missing program unavailable', async () => {
    await assert.rejects(exec(['/no/such/program']), (error) => isErrorKind(error, 'unavailable'));
  });

  it('kills on abort and on timeout', async () => {
    const forever = script('setInterval(() => 0, 1000)');
    const signal = AbortSignal.timeout(50);
    await assert.rejects(exec(forever, { signal }), (error) => isErrorKind(error, 'cancelled'));
    await assert.rejects(exec(forever, { timeoutMs: 50 }), (error) => isErrorKind(error, 'timeout'));
  });

  it('keeps the end of an output that is too long', async () => {
    const source = 'process.stdout.write("a".repeat(200000) + "end")';
    const { stdout } = await exec(script(source), { maxOutputBytes: 10 });
    assert.equal(stdout, 'aaaaaaaend');
  });
});
