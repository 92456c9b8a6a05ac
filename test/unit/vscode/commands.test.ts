/** Commands of the extension that remove something, or whose object is gone: what is asked, what is said, what is done. */

import assert from 'node:assert/strict';

import type { Command, CommandParts } from '../../../client/vscode/commands/command.ts';
import type { ContainerInfo, Engine, ImageInfo } from '../../../client/vscode/engine/engine.ts';
import { until } from '../../support/until.ts';
import { editor, resetEditor } from '../../support/vscode-double.ts';

const CONTAINER: ContainerInfo = {
  id: 'c1',
  name: 'web',
  image: 'app',
  isRunning: false,
  status: 'Exited (0)',
  ports: [],
};
const IMAGE: ImageInfo = {
  id: `sha256:${'a'.repeat(64)}`,
  tags: ['app:1', 'app:2'],
  sizeBytes: 1,
  createdAt: new Date(0),
};

describe('commands of the extension', () => {
  let done: string[];
  let containers: ContainerInfo[];

  beforeEach(() => {
    resetEditor();
    done = [];
    containers = [CONTAINER];
  });

  async function run(command: Command, argument: unknown): Promise<void> {
    const engine = {
      containers: async () => containers,
      images: async () => [IMAGE],
      removeContainer: async (id: string) => void done.push(id),
      removeImage: async (name: string) => void done.push(name),
    };
    const parts = {
      session: { engine: async () => engine },
      tree: { refresh: () => done.push('refreshed') },
    };
    await command.run(parts as unknown as CommandParts, argument); // these commands use no more of it
  }

  it('asks before a container is removed, stopped or running', async () => {
    const { containerRemove } = await import('../../../client/vscode/commands/container-remove.ts');
    for (const isRunning of [false, true]) {
      containers = [{ ...CONTAINER, isRunning }];
      await run(containerRemove, 'c1');
    }
    assert.deepEqual(done, []);
    assert.deepEqual(editor.shown, [
      'Remove the container web and what was written in it?',
      'web is running. Remove it anyway?',
    ]);
    editor.answers.push('Remove');
    await run(containerRemove, 'c1');
    assert.deepEqual(done, ['c1', 'refreshed']);
  });

  it('removes an image under all of its names', async () => {
    const { imageRemove } = await import('../../../client/vscode/commands/image-remove.ts');
    editor.answers.push('Remove');
    await run(imageRemove, 'app:1');
    assert.deepEqual(
      [editor.shown, done],
      [['Remove the image app:1, app:2?'], ['app:1', 'app:2', 'refreshed']],
    );
  });

  it('says that what was clicked on is gone', async () => {
    const { containerRemove } = await import('../../../client/vscode/commands/container-remove.ts');
    const { imageRemove } = await import('../../../client/vscode/commands/image-remove.ts');
    await run(containerRemove, 'another');
    await run(imageRemove, 'another');
    assert.deepEqual(editor.shown, ['There is no such container.', 'There is no such image any more.']);
    assert.deepEqual(done, []);
  });
});

describe('a shell in a container', () => {
  beforeEach(resetEditor);

  async function shell(exitCode: number): Promise<void> {
    const { openShellTerminal } = await import('../../../client/vscode/terminals/shell-terminal.ts');
    const session = {
      output: (async function* () {
        yield 'said';
      })(),
      exitCode: async () => exitCode,
    };
    const engine = { openShell: async () => session };
    openShellTerminal(engine as unknown as Engine, 'c1', 'web'); // no more is used
    await until('its end', () => editor.isTerminalClosed || editor.written.includes('no shell'));
  }

  it('closes its terminal when it ends', async () => {
    await shell(3);
    assert.deepEqual([editor.written, editor.isTerminalClosed], ['said', true]);
  });

  it('leaves the terminal open with a sentence where there is none', async () => {
    await shell(127);
    assert.match(editor.written, /^said.*This container has no shell\./s);
    assert.equal(editor.isTerminalClosed, false);
  });
});
