/** A mount of what a stage lacks is the Dockerfile's fault, and told in BuildKit's words (dockerd 28.5.2, measured). */

import assert from 'node:assert/strict';

import { isErrorKind } from '../../../core/errors.ts';
import { requireRoot } from '../../support/skip.ts';
import { makeRig, type Rig } from './rig.ts';

describe('the source of a mount', () => {
  let rig: Rig;

  before(async function () {
    requireRoot(this);
    rig = await makeRig();
  });
  after(async () => {
    await rig?.close();
  });

  for (const rw of ['', ',rw']) {
    it(`that a stage lacks is named${rw === '' ? '' : ', for one that is writable too'}`, async () => {
      const dockerfile = `FROM busybox AS a\nFROM busybox\nRUN --mount=type=bind,from=a,source=/constant,target=/m${rw} true\n`;
      await assert.rejects(
        rig.build(dockerfile, {}),
        (error: unknown) =>
          isErrorKind(error, 'not-found') &&
          error.message ===
            'process "/bin/sh -c true" did not complete successfully: open /constant: no such file or directory' &&
          error.location?.start.line === 2,
      );
    }).timeout(30_000);
  }
});
