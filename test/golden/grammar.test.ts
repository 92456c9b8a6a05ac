/** The Dockerfile grammar, tokenized by the engine that VS Code uses. One folder per case; `NARU_GOLDENS=write` rewrites the results. */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';

const require = createRequire(import.meta.url);

const ROOT = join(import.meta.dirname, '../..');
const CASES = join(import.meta.dirname, 'grammar');

describe('grammar', () => {
  let grammar: IGrammar;

  before(async () => {
    grammar = await loadGrammar();
  });

  for (const name of readdirSync(CASES)) {
    it(name, () => {
      const source = readFileSync(join(CASES, name, 'Dockerfile'), 'utf8');
      const tokens = tokenize(grammar, source);
      const golden = join(CASES, name, 'tokens.txt');
      if (process.env['NARU_GOLDENS'] === 'write') writeFileSync(golden, tokens);
      assert.equal(tokens, readFileSync(golden, 'utf8'));
    });
  }
});

async function loadGrammar(): Promise<IGrammar> {
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    // Embedded languages are VS Code's own; here one scope stands for each.
    loadGrammar: async (scope) => textmate.parseRawGrammar(sourceOf(scope), `${scope}.json`),
  });
  const grammar = await registry.loadGrammar('source.dockerfile');
  if (grammar === null) throw new Error('the grammar did not load');
  return grammar;
}

function sourceOf(scope: string): string {
  if (scope === 'source.dockerfile')
    return readFileSync(join(ROOT, 'syntaxes/dockerfile.tmLanguage.json'), 'utf8');
  return JSON.stringify({ scopeName: scope, patterns: [{ match: '.+', name: `embedded.${scope}` }] });
}

/** Every line, and under it each token that has a scope of its own: its text and its innermost scopes. */
function tokenize(grammar: IGrammar, source: string): string {
  let state = textmate.INITIAL;
  const out: string[] = [];
  for (const line of source.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    out.push(`> ${line}`);
    for (const token of result.tokens) {
      const text = line.slice(token.startIndex, token.endIndex).trim();
      const scopes = token.scopes.slice(1).map((scope) => scope.replace(/\.dockerfile$/, ''));
      if (text !== '' && scopes.length > 0) out.push(`    ${text.padEnd(24)} ${scopes.join(' | ')}`);
    }
  }
  return `${out.join('\n')}\n`;
}
