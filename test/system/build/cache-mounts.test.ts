/** Cache mounts: who waits for whom, what a new one begins with, and what a killed engine leaves of one. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { faultsOf } from './integrity.ts';
import { makeRig, type Rig } from './rig.ts';

describe('cache mounts', function () {
  this.timeout(60_000);
  let rig: Rig;
  before(async () => {
    rig = await makeRig();
  });
  after(() => rig.close());

  /** Two stages side by side, each with a mount of these options at /c, and this command. */
  function twice(mount: string, command: string): string {
    const stage = (name: string): string =>
      `FROM busybox AS ${name}\nRUN --mount=type=cache,target=/c,${mount} : ${name} && ${command}\n`;
    return `${stage('a')}${stage('b')}FROM busybox\nCOPY --from=a /etc/passwd /a\nCOPY --from=b /etc/passwd /b\n`;
  }

  it('locked: one after the other', async () => {
    const command = 'mkdir /c/lock && sleep 0.5 && rmdir /c/lock';
    await rig.build(twice('id=locked,sharing=locked', command), {});
    const shared = rig.build(twice('id=shared', `${command}; exit $?`), {});
    await assert.rejects(shared, /mkdir \/c\/lock/, 'without it both are in at once');
  });

  it('private: one for each, found again afterwards', async () => {
    const command = 'mkdir /c/own && sleep 0.5';
    await rig.build(twice('id=private,sharing=private', command), {});
    const nOwn = async (): Promise<number> =>
      (await rig.parts.mounts.usage()).filter(({ name }) => name.startsWith('private')).length;
    assert.equal(await nOwn(), 2);
    await rig.build(twice('id=private,sharing=private', 'rmdir /c/own && sleep 0.5'), {});
    assert.equal(await nOwn(), 2);
  });

  it('a step with two of them waits for no other for ever', async () => {
    const run = (name: string, first: string, second: string): string =>
      `FROM busybox AS ${name}\nRUN --mount=type=cache,id=${first},target=/1,sharing=locked --mount=type=cache,id=${second},target=/2,sharing=locked : ${name}; sleep 0.2\n`;
    const last = 'FROM busybox\nCOPY --from=a /etc/passwd /a\nCOPY --from=b /etc/passwd /b\n';
    await rig.build(`${run('a', 'x', 'y')}${run('b', 'y', 'x')}${last}`, {});
  });

  it('begins with what `from` has, all of it or nothing', async () => {
    const dockerfile = `FROM busybox AS src
RUN mkdir /s && echo text > /s/file
FROM busybox
RUN --mount=type=cache,id=filled,target=/c,from=src,source=/s cat /c/file
`;
    const { output } = await rig.build(dockerfile, {});
    assert.equal(output, 'text\n');
    const mounts = join(rig.root, 'build/cache-mounts');
    fs.mkdirSync(join(mounts, 'new-half'));
    fs.mkdirSync(join(mounts, 'removed-half/deep'), { recursive: true });
    const [kept] = fs.readdirSync(mounts);
    rig = await rig.reopen();
    assert.ok(kept !== undefined && fs.existsSync(join(mounts, kept)));
    assert.deepEqual(faultsOf(rig.root), []);
  });
});
