/** Every rule is in the index, in order, and has its page in docs/rules. */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { rulePage, rulesPage } from '../../core/lint/rule-page.ts';
import { RULES } from '../../core/lint/rules/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/rules');

describe('rules', () => {
  const ids = RULES.map(({ id }) => id);

  it('are all in the index, in order', () => {
    const files = readdirSync(join(ROOT, 'core/lint/rules'));
    const names = files.flatMap((name) => (name === 'index.ts' ? [] : name.replace(/\.ts$/, ''))).sort();
    assert.deepEqual(ids, names);
  });

  it('have their pages in docs/rules', () => {
    const wanted = new Map(RULES.map((rule) => [`${rule.id}.md`, rulePage(rule)]));
    wanted.set('README.md', rulesPage(RULES));
    if (process.env['NARU_UPDATE_DOCS'] === '1') writePages(wanted);
    const stale = [...wanted].filter(([name, page]) => readPage(name) !== page).map(([name]) => name);
    assert.deepEqual(stale, [], 'run NARU_UPDATE_DOCS=1 npm run tidy');
    assert.deepEqual(readdirSync(PAGES).sort(), [...wanted.keys()].sort());
  });
});

function writePages(pages: ReadonlyMap<string, string>): void {
  rmSync(PAGES, { recursive: true, force: true });
  mkdirSync(PAGES, { recursive: true });
  for (const [name, page] of pages) writeFileSync(join(PAGES, name), page);
}

function readPage(name: string): string | undefined {
  try {
    return readFileSync(join(PAGES, name), 'utf8');
  } catch {
    return undefined; // a rule without a page
  }
}
