/**
 * The pictures of the documentation, taken from a real workbench: dark, light, and in Korean.
 * A full run takes them, so that what they show is known to work; only `NARU_PICTURES=write` replaces those in docs/images.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';

import { setUpVscodeBed } from '../../scripts/setup-vscode-bed.ts';
import { requireRoot, skipBecause } from '../support/skip.ts';
import { loadBaseImages } from './bed/engine.ts';
import { makeWorkspace, packageExtension, removeWorkspace } from './bed/extension.ts';
import { startVscodeServer, type VscodeServer } from './bed/vscode-server.ts';
import { until } from './bed/until.ts';
import { launchBrowser, openWorkbench, type Workbench } from './bed/workbench.ts';

const ROOT = join(import.meta.dirname, '../..');
const PICTURES = process.env['NARU_PICTURES'] === 'write' ? 'docs/images' : 'reports/pictures';
const IS_WANTED = process.env['NARU_TEST_FULL'] === '1' || process.env['NARU_PICTURES'] !== undefined;

const FILES = {
  Dockerfile: `# A page, built in three stages
ARG RELEASE=3.18
FROM alpine:\${RELEASE} AS words
WORKDIR /work
COPY words.txt ./
RUN sort -u words.txt > sorted.txt && sleep 2

FROM alpine:\${RELEASE} AS page
WORKDIR /page
COPY --from=words /work/sorted.txt ./
COPY src/ ./
RUN sh render.sh sorted.txt > index.html && sleep 1

FROM alpine:\${RELEASE}
COPY --from=page /page/index.html /www/
EXPOSE 8080
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
`,
  'words.txt': 'ferry\nriver\nlanding\n',
  'src/render.sh': 'echo "<h1>Naru</h1>"; while read word; do echo "<p>$word</p>"; done < "$1"\n',
};

interface Look {
  readonly name: string;
  readonly colorScheme: 'dark' | 'light';
  readonly theme: string;
  readonly locale?: string;
  readonly build: string;
  readonly run: string;
  readonly allCached: string;
  readonly nRuns: string;
}

const ENGLISH = { build: 'Build Image', run: 'Run', allCached: 'everything is cached', nRuns: '2 run' };
const KOREAN = { build: '이미지 빌드', run: '실행', allCached: '모두 캐시됨', nRuns: '실행 2', locale: 'ko' };

const LOOKS: readonly Look[] = [
  { name: 'dark', colorScheme: 'dark', theme: 'Dark Modern', ...ENGLISH },
  { name: 'light', colorScheme: 'light', theme: 'Light Modern', ...ENGLISH },
  { name: 'ko', colorScheme: 'dark', theme: 'Dark Modern', ...KOREAN },
];

describe('pictures', function () {
  this.timeout(300_000);
  let browser: Browser;
  let vsix: string;

  before(async function () {
    requireRoot(this);
    if (!IS_WANTED) skipBecause(this, 'takes minutes; runs with --full and NARU_PICTURES=write');
    setUpVscodeBed();
    vsix = packageExtension();
    browser = await launchBrowser();
    mkdirSync(join(ROOT, PICTURES), { recursive: true });
  });
  after(() => browser?.close());

  for (const look of LOOKS) {
    it(look.name, async () => {
      const folder = makeWorkspace(FILES, 'ferry-times');
      const settings = { 'workbench.colorTheme': look.theme, 'editor.fontSize': 13 };
      const server = await startVscodeServer({ vsix, settings, ...(look.locale && { locale: look.locale }) });
      try {
        const { colorScheme } = look;
        const viewport = { width: 1200, height: 720 };
        const workbench = await openWorkbench(browser, server, { folder, colorScheme, viewport });
        await takePictures(workbench, server, folder, look);
        await workbench.close();
      } finally {
        await server.stop();
        removeWorkspace(folder);
      }
    });
  }
});

async function takePictures(
  workbench: Workbench,
  server: VscodeServer,
  folder: string,
  look: Look,
): Promise<void> {
  await workbench.openFile('Dockerfile');
  await workbench.codeLens(/:.*\d/).first().waitFor();
  await loadBaseImages(server.engineRoot);
  await workbench.command(look.build);
  await workbench
    .notification(/latest/)
    .getByText(look.run, { exact: true })
    .click();
  await workbench.openView('Naru');
  await workbench.treeRow(/→8080/).first().waitFor();
  await workbench.codeLens(look.allCached).waitFor();
  await workbench.dismissNotifications();
  await workbench.paletteIsGone();
  await workbench.screenshot(join(ROOT, PICTURES, `run-${look.name}.png`));
  await workbench.command('View: Toggle Panel Visibility');
  writeFileSync(join(folder, 'words.txt'), 'ferry\nriver\nlanding\nriver\n');
  await shows(workbench, /words\.txt.*RUN · .*words\.txt/);
  await workbench.codeLens(look.nRuns).waitFor();
  await workbench.paletteIsGone();
  await workbench.screenshot(join(ROOT, PICTURES, `preview-${look.name}.png`));
}

async function shows(workbench: Workbench, expected: RegExp): Promise<void> {
  await until(`hint ${String(expected)}`, async () => {
    return expected.test(await workbench.editorText()) ? true : undefined;
  });
}
