/** Notices of the packages whose code is in the bundles, read from esbuild's metafiles and the packages themselves. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { nativeNotices } from './native-notices.ts';

/** One section per package, by name, then one per native program. */
export function thirdPartyNotices(root: string): string {
  const folders = new Set<string>();
  for (const file of readdirSync(join(root, 'dist/meta'))) {
    // esbuild writes the metafiles.
    const meta = JSON.parse(readFileSync(join(root, 'dist/meta', file), 'utf8')) as { inputs: object };
    for (const input of Object.keys(meta.inputs)) {
      const folder = packageFolder(input);
      if (folder !== undefined) folders.add(folder);
    }
  }
  folders.add('node_modules/koffi');
  const sections = [...folders].toSorted().map((folder) => notice(join(root, folder)));
  const opening = 'Naru contains code of these packages, and ships these programs.\n';
  return [opening, ...new Set(sections), ...nativeNotices(root)].join(`\n${'-'.repeat(80)}\n\n`);
}

function packageFolder(input: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function notice(folder: string): string {
  // Every installed package has a manifest with these fields.
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text =
    file === undefined || !existsSync(join(folder, file))
      ? ''
      : readFileSync(join(folder, file), 'utf8').trim();
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${text}\n`;
}
