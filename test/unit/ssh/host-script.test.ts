import assert from 'node:assert/strict';

import type { ExecResult, SshConnection } from '../../../client/driver/ssh/connection.ts';
import { runHostScript } from '../../../client/driver/ssh/host-script.ts';

describe('a script on a host', () => {
  const run = (answer: ExecResult) =>
    runHostScript(
      { options: { label: 'box' }, exec: async () => answer } as unknown as SshConnection,
      'true',
    );

  it('that its link took away is told as a link that broke', async () => {
    await assert.rejects(run({ stdout: '', stderr: '', exitCode: undefined }), {
      code: 'E_CONNECTION',
      message: 'the connection to box broke',
    });
  });

  it('that no shell read is told with what the host said', async () => {
    await assert.rejects(run({ stdout: '', stderr: 'This account is closed.\n', exitCode: 1 }), {
      code: 'E_HOST_SCRIPT',
      message: 'box did not run our script (exit 1): This account is closed.',
    });
  });
});
