/** The setting `naru.builds`: which entry counts for a Dockerfile, what it makes of the build, and what is said of one that makes no sense. */

import assert from 'node:assert/strict';
import * as path from 'node:path';

import { foldersAround, withChoice } from '../../../client/vscode/build/choice.ts';
import { type BuildEntry, readBuildEntries } from '../../../client/vscode/build/entries.ts';
import { decideBuild, type DockerfilePlace } from '../../../client/vscode/build/settings.ts';
import { imageTag } from '../../../client/vscode/build/image-tag.ts';
import { buildImage } from '../../../client/vscode/engine/driver-build.ts';
import type { EngineConnection } from '../../../client/driver/engine/connection.ts';
import type { CommandParts } from '../../../client/vscode/commands/command.ts';
import { NaruError } from '../../../core/errors.ts';
import { parseReference } from '../../../core/oci/reference.ts';
import { editor, resetEditor } from '../../support/vscode-double.ts';

// Node 24 has it; the types that the tests share with Node 20 do not.
const matchesGlob = Reflect.get(path, 'matchesGlob') as (file: string, glob: string) => boolean;

function place(file: string): DockerfilePlace {
  return { file: `/ws/${file}`, folder: '/ws', isFoundBy: (glob) => matchesGlob(file, glob) };
}

describe('the build settings of a Dockerfile', () => {
  const CASES: readonly (readonly [string, unknown, string, object])[] = [
    ['its own folder without a setting', undefined, 'docker/Dockerfile', { contextDirectory: '/ws/docker' }],
    [
      'its own folder where no entry fits',
      [{ dockerfile: 'other/Dockerfile', context: '.' }],
      'docker/Dockerfile',
      { contextDirectory: '/ws/docker' },
    ],
    [
      'everything its entry says',
      [
        {
          dockerfile: 'docker/app.Dockerfile',
          context: '.',
          target: 'prod',
          args: { X: '1' },
          tag: 'app:dev',
        },
      ],
      'docker/app.Dockerfile',
      { contextDirectory: '/ws', target: 'prod', buildArgs: { X: '1' }, tag: 'app:dev' },
    ],
    [
      'its own folder where its entry names no context',
      [{ dockerfile: 'docker/app.Dockerfile', target: 'prod' }],
      'docker/app.Dockerfile',
      { contextDirectory: '/ws/docker', target: 'prod' },
    ],
    [
      'the first entry that fits, whole',
      [
        { dockerfile: 'docker/*.Dockerfile', context: 'a' },
        { dockerfile: 'docker/app.Dockerfile', context: 'b', target: 'prod' },
      ],
      'docker/app.Dockerfile',
      { contextDirectory: '/ws/a' },
    ],
    [
      'a glob over folders',
      [{ dockerfile: '**/Dockerfile', context: '.' }],
      'a/b/Dockerfile',
      { contextDirectory: '/ws' },
    ],
    [
      'no glob of one folder for another',
      [{ dockerfile: '*.Dockerfile', context: 'x' }],
      'a/b.Dockerfile',
      { contextDirectory: '/ws/a' },
    ],
    [
      'a path with the letters of a glob',
      [{ dockerfile: 'a[1]/Dockerfile', context: '.' }],
      'a[1]/Dockerfile',
      { contextDirectory: '/ws' },
    ],
    [
      'paths as other settings need them',
      [{ dockerfile: '${workspaceFolder}/./a/Dockerfile', context: '${workspaceFolder}' }],
      'a/Dockerfile',
      { contextDirectory: '/ws' },
    ],
    [
      'named contexts, folders where they lie',
      [{ dockerfile: 'Dockerfile', contexts: { lib: 'lib', 'debian:latest': 'docker-image://debian:12' } }],
      'Dockerfile',
      { contextDirectory: '/ws', buildContexts: { lib: '/ws/lib', debian: 'docker-image://debian:12' } },
    ],
    [
      'a folder outside of the workspace',
      [{ dockerfile: './Dockerfile', context: '../shared' }],
      'Dockerfile',
      { contextDirectory: '/shared' },
    ],
    [
      'an absolute folder',
      [{ dockerfile: 'Dockerfile', context: '/srv' }],
      'Dockerfile',
      { contextDirectory: '/srv' },
    ],
  ];
  for (const [name, value, file, expected] of CASES) {
    it(`are ${name}`, () => {
      const settings = decideBuild(readBuildEntries(value), place(file));
      assert.deepEqual(settings, { buildArgs: {}, ...expected });
    });
  }
});

describe('a value of naru.builds that makes no sense', () => {
  const dockerfile = 'Dockerfile';
  const CASES: readonly (readonly [unknown, string])[] = [
    [{}, 'the setting naru.builds must be a list of entries'],
    [['Dockerfile'], 'the setting naru.builds[0] must be an object'],
    [[{ context: '.' }], 'the setting naru.builds[0].dockerfile must be there: a path or a glob'],
    [
      [{ dockerfile }, { dockerfile, context: ' ' }],
      'the setting naru.builds[1].context must be a text that is not empty',
    ],
    [[{ dockerfile, target: 1 }], 'the setting naru.builds[0].target must be a text that is not empty'],
    [[{ dockerfile, args: ['X=1'] }], 'the setting naru.builds[0].args must be an object'],
    [[{ dockerfile, args: { X: 1 } }], 'the setting naru.builds[0].args.X must be a text in quotes'],
    [[{ dockerfile, arg: {} }], 'the setting naru.builds[0] has no field arg; did you mean args?'],
    [
      [{ dockerfile, buildArgs: {} }],
      'the setting naru.builds[0] has no field buildArgs; it may have dockerfile, context, target, args, contexts, tag',
    ],
    [
      [{ dockerfile, tag: 'No Name' }],
      'the setting naru.builds[0].tag: invalid reference format: repository name (library/No Name) must be lowercase',
    ],
    [
      [{ dockerfile, contexts: { x: 'oci-layout://out' } }],
      'the setting naru.builds[0].contexts.x: image layouts are for the command line alone',
    ],
    [
      [{ dockerfile, contexts: { x: [] } }],
      'the setting naru.builds[0].contexts.x must be a text that is not empty',
    ],
  ];
  for (const [value, expected] of CASES) {
    it(expected, () => {
      assert.throws(
        () => readBuildEntries(value),
        (error: unknown) => {
          assert.ok(error instanceof NaruError);
          const hint =
            error.hint === 'mend it in the settings' || error.hint === undefined ? '' : `; ${error.hint}`;
          assert.equal(error.message + hint, expected);
          return true;
        },
      );
    });
  }
});

describe('a build context that was chosen', () => {
  const args = { X: '1' };
  const others = [{ dockerfile: 'other/Dockerfile' }];
  const glob = { dockerfile: '**/Dockerfile', context: 'x', target: 'old', args, tag: 'app:dev' };
  const own = { dockerfile: 'docker/Dockerfile', context: 'x', target: 'old', args };
  const chosen = { dockerfile: 'docker/Dockerfile', context: '.', target: 'prod' };
  const CASES: readonly (readonly [string, readonly BuildEntry[], readonly BuildEntry[]])[] = [
    ['gets an entry', others, [...others, chosen]],
    ['changes the entry of the Dockerfile in its place', [own, ...others], [{ ...chosen, args }, ...others]],
    [
      'goes before a glob, and keeps arguments and tag',
      [...others, glob],
      [...others, { ...chosen, args, tag: 'app:dev' }, glob],
    ],
  ];
  for (const [name, entries, expected] of CASES) {
    it(name, () => {
      const choice = { context: '.', target: 'prod' };
      const found = withChoice(entries, place('docker/Dockerfile'), choice);
      assert.deepEqual(found, expected);
      assert.equal(decideBuild(found, place('docker/Dockerfile')).target, 'prod');
    });
  }

  it('takes the target away where the last stage is chosen', () => {
    const found = withChoice([own], place('docker/Dockerfile'), { context: 'docker' });
    assert.deepEqual(found, [{ dockerfile: 'docker/Dockerfile', context: 'docker', args }]);
  });

  it('is one of the folders around the Dockerfile', () => {
    const around = ['Dockerfile', 'a/b/Dockerfile'].map((file) => foldersAround(place(file)));
    assert.deepEqual(around, [['.'], ['.', 'a', 'a/b']]);
  });
});

describe('the command that chooses a build context', () => {
  beforeEach(resetEditor);

  async function choose(file: string): Promise<unknown> {
    const { contextChoose } = await import('../../../client/vscode/commands/context-choose.ts');
    const parts = {} as unknown as CommandParts; // it uses none
    await contextChoose.run(parts, { uri: `file://${file}`, context: '.' });
    return editor.settings.get('builds');
  }

  it('asks nothing where a lens names the context, and keeps the rest', async () => {
    const entry = {
      dockerfile: 'docker/app.Dockerfile',
      context: 'docker',
      target: 'prod',
      args: { X: '1' },
    };
    editor.settings.set('builds', [entry]);
    assert.deepEqual(await choose('/ws/docker/app.Dockerfile'), [{ ...entry, context: '.' }]);
  });

  it('writes nothing over settings that it cannot see or read', async () => {
    await assert.rejects(choose('/elsewhere/Dockerfile'), { code: 'E_NO_FOLDER' });
    editor.settings.set('builds', 'wrong');
    await assert.rejects(choose('/ws/Dockerfile'), { code: 'E_BUILDS' });
    editor.isTrusted = false;
    editor.settings.delete('builds');
    await assert.rejects(choose('/ws/Dockerfile'), { code: 'E_UNTRUSTED' });
    assert.deepEqual(editor.settings, new Map());
  });
});

describe('a Dockerfile that was never saved', () => {
  beforeEach(resetEditor);

  it('is neither built nor given a context', async () => {
    const { contextChoose } = await import('../../../client/vscode/commands/context-choose.ts');
    const { imageBuild } = await import('../../../client/vscode/commands/image-build.ts');
    let nEngines = 0;
    const engine = async (): Promise<object> => ({ n: (nEngines += 1) });
    const parts = { session: { engine } } as unknown as CommandParts; // no more is reached
    for (const command of [contextChoose, imageBuild])
      await assert.rejects(command.run(parts, { uri: 'untitled:Untitled-1' }), {
        code: 'E_NO_FILE',
        message: 'Untitled-1 is no file yet, and a build reads the folder of its Dockerfile',
        hint: 'save it first',
      });
    assert.equal(nEngines, 0);
  });
});

describe('the tag of an image without one', () => {
  for (const [folder, tag] of [
    ['/ws/My App', 'my-app:latest'],
    ['/ws/a..b', 'a-b:latest'],
    ['/ws/a._-b__c--d.e', 'a-b__c--d.e:latest'],
    ['/ws/.config.', 'config:latest'],
    ['/ws/나루', 'image:latest'],
    ['/', 'image:latest'],
  ] as const) {
    it(`of ${folder} is ${tag}`, () => {
      assert.equal(imageTag(folder), tag);
      parseReference(tag);
    });
  }
});

describe('a build dated by SOURCE_DATE_EPOCH', () => {
  it('has the option that the command line makes of the build argument', async () => {
    const sent: unknown[] = [];
    // The part of a connection that a build without a context uses.
    const connection = {
      kind: 'naru',
      arch: 'amd64',
      isDistant: false,
      stream: async ({ path: called, body }: { readonly path: string; readonly body?: unknown }) => {
        if (body !== undefined) sent.push([called, body]);
        return { headers: {}, body: (async function* () {})() };
      },
    } as unknown as EngineConnection;
    const build = {
      dockerfile: import.meta.filename,
      contextDirectory: import.meta.dirname,
      text: 'FROM scratch',
      tag: 'app',
      buildArgs: { SOURCE_DATE_EPOCH: '7' },
    };
    const events = buildImage(connection, build, new AbortController().signal);
    await assert.rejects(async () => events[Symbol.asyncIterator]().next(), { code: 'E_BUILD_STREAM' });
    const [[, request] = []] = sent as [string, { options: { sourceDateEpoch?: number } }][]; // what was asked
    assert.equal(request?.options.sourceDateEpoch, 7);
  });
});

describe('a build with named contexts', () => {
  it('is refused on an engine that knows none', async () => {
    const connection = { kind: 'docker' } as unknown as EngineConnection; // nothing is asked of it
    const build = {
      dockerfile: '/ws/Dockerfile',
      contextDirectory: '/ws',
      text: 'FROM scratch',
      tag: 'app',
      buildArgs: {},
      buildContexts: { lib: '/ws/lib' },
    };
    const events = buildImage(connection, build, new AbortController().signal);
    await assert.rejects(async () => events[Symbol.asyncIterator]().next(), { code: 'E_BUILD_CONTEXTS' });
  });
});
