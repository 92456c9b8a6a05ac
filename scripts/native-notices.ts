/** Notices of the native programs that are shipped beside the bundles: licence, source and patches, from the recipe they are built by. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX expressions, as in docs/dependencies.md. */
const LICENCES: Readonly<Record<string, string>> = {
  crun: 'GPL-2.0-or-later, libcrun LGPL-2.1-or-later',
  conmon: 'Apache-2.0',
  pasta: 'GPL-2.0-or-later AND BSD-3-Clause',
  tini: 'MIT',
};

interface Recipe {
  readonly tools: readonly {
    readonly name: string;
    readonly sources: readonly { readonly version: string; readonly path: string; readonly sha256: string }[];
    readonly patches?: readonly string[];
  }[];
}

/** One section per program. Debian's archive keeps the sources named here; our patches lie in runtime/native/patches. */
export function nativeNotices(root: string): readonly string[] {
  // Ours; runtime/native checks its shape when it builds by it.
  const recipe = JSON.parse(readFileSync(join(root, 'runtime/native/manifest.json'), 'utf8')) as Recipe;
  return recipe.tools.map(({ name, sources, patches }) => {
    const lines = [
      `${name} (${LICENCES[name] ?? 'see its source'})`,
      '',
      'A separate program, built from the first of these sources of the Debian archive that is there:',
      ...sources.map(({ path, sha256 }) => `  ${path}\n    sha256:${sha256}`),
      ...(patches ?? []).map((patch) => `Patched by runtime/native/patches/${patch} of Naru's sources.`),
      'The licences’ texts are in /usr/share/common-licenses of any Debian system and in the sources.',
    ];
    return `${lines.join('\n')}\n`;
  });
}
