/** The cache preview over LSP: the test is the editor and answers for an engine whose cache is in memory. */

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type CodeLens, type InlayHint, ResponseError } from 'vscode-languageserver/node';

import { lookupPlan } from '../../core/build/lookup.ts';
import { defaultBuildOptions } from '../../core/build/options.ts';
import { memoryTree } from '../../core/context/memory-tree.ts';
import {
  LSP_BUILD_OPTIONS,
  LSP_CACHE_RESOLVE,
  LSP_IMAGE_RESOLVE,
  LSP_NO_ENGINE,
  LSP_PREVIEW,
  LSP_PREVIEW_REFRESH,
  type LspBuildOptionsResult,
  type LspCacheResolveParams,
  type LspImageResolveParams,
  type LspPreviewParams,
} from '../../core/protocol/lsp.ts';
import { baseImages } from '../unit/build/base-images.ts';
import { buildInMemory, MemoryCache } from '../unit/build/memory-builder.ts';
import { LspSession, type OpenFile } from './session.ts';

const TEXT = `FROM base AS deps
COPY a.txt /a
RUN pick /a
FROM base
COPY --from=deps /picked /b
CMD ["x"]
`;

const PLATFORM = { os: 'linux', architecture: 'amd64' };

describe('cache preview', () => {
  const folder = mkdtempSync(join(tmpdir(), 'naru-lsp-'));
  const cache = new MemoryCache();
  let session: LspSession;
  let isEngineThere = true;
  let whenAsked: (() => Promise<void>) | undefined;
  let engineFault: ResponseError<void> | undefined;
  let settings: Partial<LspBuildOptionsResult> = {};
  let changed: ((params: LspPreviewParams) => void) | undefined;

  before(async () => {
    writeContext('one');
    await buildInMemory(
      {
        dockerfile: TEXT,
        context: memoryTree({ 'a.txt': 'one' }),
        images: baseImages(),
        options: defaultBuildOptions(PLATFORM),
      },
      cache,
    );
    session = await LspSession.start(folder, { isPreviewEnabled: true }, (connection) => {
      connection.onRequest(LSP_BUILD_OPTIONS, async (): Promise<LspBuildOptionsResult> => {
        await whenAsked?.();
        return isEngineThere
          ? { contextDirectory: folder, buildArgs: {}, platform: PLATFORM, ...settings }
          : {
              contextDirectory: folder,
              buildArgs: {},
              trouble: { code: 'E', message: 'the engine is not running' },
            };
      });
      connection.onRequest(LSP_IMAGE_RESOLVE, ({ images }: LspImageResolveParams) => {
        return (
          engineFault ?? {
            images: images.map(({ reference }) => baseImages().get(reference)?.resolved ?? null),
          }
        );
      });
      connection.onRequest(LSP_CACHE_RESOLVE, async ({ vertices }: LspCacheResolveParams) => ({
        lookups: await lookupPlan(vertices, cache),
      }));
      connection.onRequest('workspace/inlayHint/refresh', () => null);
      connection.onRequest('workspace/codeLens/refresh', () => null);
      connection.onNotification(LSP_PREVIEW, (params: LspPreviewParams) => changed?.(params));
    });
  });
  after(async () => {
    await session.stop();
    rmSync(folder, { recursive: true });
  });

  function writeContext(content: string): void {
    writeFileSync(join(folder, 'a.txt'), content);
    chmodSync(join(folder, 'a.txt'), 0o644);
  }
  /** The next result; of one document, if it is named. */
  function nextChange(uri?: string): Promise<LspPreviewParams> {
    return new Promise((resolve) => {
      changed = (params) => {
        if (uri === undefined || params.uri === uri) resolve(params);
      };
    });
  }
  /** The text with every hint at its place. */
  async function hinted(file: OpenFile): Promise<string> {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const params = { textDocument: { uri: file.uri }, range };
    const hints = await session.request<InlayHint[]>('textDocument/inlayHint', params);
    const lines = file.text.split('\n');
    for (const { position, label } of hints)
      lines[position.line] += `  <${typeof label === 'string' ? label : ''}>`;
    return lines.join('\n');
  }

  it('shows at every instruction what the next build does', async () => {
    const file = await session.open(TEXT, 'Dockerfile');
    assert.equal(
      await hinted(file),
      `FROM base AS deps  <CACHED>
COPY a.txt /a  <CACHED · saves 1.0 s>
RUN pick /a  <CACHED · saves 1.0 s>
FROM base  <CACHED>
COPY --from=deps /picked /b  <CACHED · saves 1.0 s>
CMD ["x"]
`,
    );
  });

  it('follows a file of the context, once it is told to look', async () => {
    const file = await session.open(TEXT, 'Dockerfile.second');
    await hinted(file);
    writeContext('two');
    const change = nextChange();
    await session.connection.sendNotification(LSP_PREVIEW_REFRESH);
    await change;
    assert.match(await hinted(file), /COPY a.txt \/a {2}<RUN .*\nRUN pick \/a {2}<RUN \(after line 2\)/);
  });

  it('tells the editor the whole report for its decorations', async () => {
    const change = nextChange();
    const file = await session.open(TEXT, 'Dockerfile.third');
    const { uri, version, report } = await change;
    assert.deepEqual([uri, version], [file.uri, 1]);
    const steps = report?.steps ?? [];
    assert.equal(TEXT.slice(steps[0]?.span.start, steps[0]?.span.end), 'FROM base AS deps');
    assert.equal(steps[5]?.state, 'FREE');
  });

  it('sums up above the first stage and offers to build each', async () => {
    const file = await session.open(TEXT, 'Dockerfile.fourth');
    await hinted(file);
    const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: file.uri },
    });
    const titles = lenses.map((lens) => `${lens.range.start.line} ${lens.command?.title}`);
    assert.match(titles[0] ?? '', /^0 Next build: \d run, \d cached/);
    assert.deepEqual(titles.slice(1), ['0 Build stage deps', '3 Build']);
  });

  it('offers the build of the settings above the stage they name, and others by name', async () => {
    settings = { target: 'DEPS' };
    const file = await session.open(`${TEXT}FROM base AS last\n`, 'Dockerfile.target');
    await hinted(file);
    const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: file.uri },
    });
    settings = {};
    const offered = lenses.slice(1).map(({ command }) => [command?.title, command?.arguments?.[0]]);
    assert.deepEqual(offered, [
      ['Build', { uri: file.uri }],
      ['Build stage last', { uri: file.uri, target: 'last' }],
    ]);
  });

  it('says which build argument no ARG takes', async () => {
    settings = { buildArgs: { HTTP_PROXY: 'x', WOH: '1' } };
    const file = await session.open(TEXT, 'Dockerfile.args');
    await hinted(file);
    const [first] = await session.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: file.uri },
    });
    settings = {};
    assert.match(first?.command?.title ?? '', /^Next build: .* \(no ARG takes the build argument WOH\)$/);
  });

  it('dates the build by SOURCE_DATE_EPOCH, as the command line does', async () => {
    writeContext('one');
    const shown: string[] = [];
    for (const epoch of ['1', 'now']) {
      settings = { buildArgs: { SOURCE_DATE_EPOCH: epoch } };
      const file = await session.open(TEXT, `Dockerfile.epoch-${epoch}`);
      const hinted1 = (await hinted(file)).split('\n')[1] ?? '';
      const [first] = await session.request<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri: file.uri },
      });
      shown.push(hinted1, first?.command?.title ?? '');
    }
    settings = {};
    assert.match(shown[0] ?? '', /^COPY a.txt \/a {2}<RUN/);
    assert.equal(shown[3], 'SOURCE_DATE_EPOCH: "now" is not a number of seconds');
  });

  it('says why there is nothing to say', async () => {
    isEngineThere = false;
    const file = await session.open(TEXT, 'Dockerfile.fifth');
    assert.equal(await hinted(file), TEXT);
    const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: file.uri },
    });
    assert.equal(lenses[0]?.command?.title, 'the engine is not running');
    isEngineThere = true;
  });

  it('says what to do where the engine is gone, and else why there is no preview', async () => {
    const faults = [
      new ResponseError(LSP_NO_ENGINE, 'Error: connect ENOENT /x/naru.sock'),
      new ResponseError(-32803, 'the disk is full (remove something)'),
    ];
    const titles: unknown[] = [];
    for (const [index, fault] of faults.entries()) {
      engineFault = fault;
      const file = await session.open(TEXT, `Dockerfile.gone${index}`);
      assert.equal(await hinted(file), TEXT);
      const [first] = await session.request<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri: file.uri },
      });
      titles.push(first?.command?.title);
    }
    engineFault = undefined;
    assert.deepEqual(titles, [
      'No cache preview: the engine does not answer. Click here to connect to it again.',
      'No cache preview: the disk is full (remove something)',
    ]);
  });

  it('says that the build will be refused, and where', async () => {
    const text = TEXT.replace('COPY a.txt', 'COPY nosuch.txt');
    const file = await session.open(text, 'Dockerfile.refused');
    const shown = (await hinted(file)).split('\n');
    assert.equal(shown[1], 'COPY nosuch.txt /a  <REFUSED · "/nosuch.txt": not found>');
    assert.equal(shown[0], 'FROM base AS deps  <CACHED>');
    const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: file.uri },
    });
    assert.equal(
      lenses[0]?.command?.title,
      'The next build will be refused at line 2: "/nosuch.txt": not found',
    );
  });

  const REFUSED: readonly (readonly [file: string, line: number, refusal: string])[] = [
    [TEXT.replace('COPY a.txt /a', 'COPY'), 2, 'COPY requires at least two arguments'],
    [TEXT.replace('RUN pick', 'RNU pick'), 3, 'unknown instruction: RNU'],
    [TEXT.replace('COPY --from=deps', 'COPY --frm=deps'), 5, 'unknown flag: --frm'],
    [TEXT.replace('RUN pick', 'ENV a=${b^}\nRUN pick'), 3, 'failed to process "\\${b\\^}"'],
    [TEXT.replace('FROM base\n', 'FROM nowhere:1\n'), 4, 'image nowhere:1 is not on this engine'],
  ];
  for (const [text, line, refusal] of REFUSED) {
    it(`says that no builder takes the file: ${refusal}`, async () => {
      const file = await session.open(text, `Dockerfile.refused${line}`);
      const shown = (await hinted(file)).split('\n');
      assert.match(shown[line - 1] ?? '', new RegExp(` {2}<REFUSED · ${refusal}`));
      assert.equal(shown.filter((one) => one.includes('<REFUSED')).length, 1);
      const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri: file.uri },
      });
      assert.match(
        lenses[0]?.command?.title ?? '',
        new RegExp(`^The next build will be refused at line ${line}: ${refusal}`),
      );
    });
  }

  it('expands no value of a stage that is left out', async () => {
    const file = await session.open(`FROM base AS unused\nENV a=\${b^}\n${TEXT}`, 'Dockerfile.unused');
    assert.doesNotMatch(await hinted(file), /REFUSED/);
  });

  it('offers the workspace folder as context where it has what the context lacks', async () => {
    const own = mkdtempSync(join(folder, 'docker-'));
    writeContext('one');
    const contexts = [
      { contextDirectory: own, workspaceFolder: folder },
      { contextDirectory: own, workspaceFolder: own },
      { contextDirectory: own },
    ];
    const offered: unknown[] = [];
    for (const [index, context] of contexts.entries()) {
      settings = context;
      const file = await session.open(TEXT, `Dockerfile.elsewhere${index}`);
      await hinted(file);
      const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri: file.uri },
      });
      const found = lenses.filter(({ command }) => command?.command === 'naru.context.choose');
      offered.push(
        found.map(({ range, command }) => {
          assert.deepEqual(command?.arguments, [{ uri: file.uri, context: '.' }]);
          return `${range.start.line} ${command?.title}`;
        }),
      );
    }
    settings = {};
    const title = '1 a.txt is in the workspace folder: build with that as context';
    assert.deepEqual(offered, [[title], [], []]);
  });

  it('says what keeps a file out of the context, and does not offer another one', async () => {
    const own = mkdtempSync(join(folder, 'ignored-'));
    for (const name of ['a.txt', 'Dockerfile']) writeFileSync(join(own, name), '');
    writeFileSync(join(own, '.dockerignore'), '# all\n*.txt\n');
    writeContext('one');
    settings = { contextDirectory: own, workspaceFolder: folder };
    const file = await session.open(TEXT, 'Dockerfile.ignored');
    const params = { textDocument: { uri: file.uri } };
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await session.request<InlayHint[]>('textDocument/inlayHint', { ...params, range });
    const lenses = await session.request<CodeLens[]>('textDocument/codeLens', params);
    settings = {};
    const tooltips = hints.map(({ tooltip }) => (typeof tooltip === 'object' ? tooltip.value : tooltip));
    assert.equal(
      tooltips.find((text) => text?.includes('REFUSED')),
      `**REFUSED** The next build stops here.\n- "/a.txt": not found: it is in ${own}, but line 2 of .dockerignore (*.txt) keeps it out of the build`,
    );
    assert.deepEqual(
      lenses
        .filter(({ range: { start } }) => start.line === 1)
        .map(({ command }) => [command?.title, command?.command, command?.arguments]),
      [
        [
          'a.txt is kept out of the build by line 2 of .dockerignore',
          'vscode.open',
          [`${pathToFileURL(join(own, '.dockerignore')).href}#L2`],
        ],
      ],
    );
  });

  it('says that the checks of the file refuse the build', async () => {
    const text = '# check=error=true\nFROM base\nMAINTAINER x\n';
    const file = await session.open(text, 'Dockerfile.sixth');
    assert.equal(await hinted(file), text);
    const lenses = await session.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: file.uri },
    });
    const refusal = 'lint violation found for rules: MaintainerDeprecated';
    assert.equal(lenses[0]?.command?.title, refusal);
  });

  it('comes to an end while files change all the time, and looks again behind it', async () => {
    const file = await session.open(TEXT, 'Dockerfile.restless');
    await hinted(file);
    // Every question of a run is told that something changed: no run may be stopped by it.
    let nAsked = 0;
    whenAsked = async () => {
      nAsked += 1;
      await session.connection.sendNotification(LSP_PREVIEW_REFRESH);
    };
    const first = nextChange(file.uri);
    await session.connection.sendNotification(LSP_PREVIEW_REFRESH);
    await first;
    await nextChange(file.uri);
    whenAsked = undefined;
    assert.ok(nAsked > 1);
  });
});
