/**
 * Names in Dockerfiles: what declares a stage or a variable, what uses it, and where its meaning comes from.
 * `names/NAME.Dockerfile` beside `names/NAME.names`; `NARU_GOLDENS=write` rewrites the results.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { stageReferences } from '../../../core/dockerfile/stage-references.ts';
import { type Occurrence, type SymbolTable, symbolTable } from '../../../core/dockerfile/symbols.ts';
import type { Dockerfile } from '../../../core/dockerfile/types.ts';
import { variableReferences } from '../../../core/dockerfile/variable-references.ts';
import { readScript } from '../../../core/lint/shell/parsed-script.ts';
import { shellReferences } from '../../../core/lint/shell-references.ts';

const FOLDER = join(import.meta.dirname, 'names');

describe('names', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.Dockerfile'))) {
    const { value } = readDockerfile(readFileSync(join(FOLDER, file), 'utf8'));

    it(file.replace('.Dockerfile', ''), () => {
      const names = namesText(value);
      const golden = join(FOLDER, file.replace('.Dockerfile', '.names'));
      if (process.env['NARU_GOLDENS'] === 'write') writeFileSync(golden, names);
      assert.equal(names, readFileSync(golden, 'utf8'));
    });

    it(`${file.replace('.Dockerfile', '')}, by offset`, () => checkOffsets(value));
  }
});

function namesText(dockerfile: Dockerfile): string {
  const table = tableOf(dockerfile);
  const place = (offset: number): string => {
    const { line, column } = dockerfile.lines.positionAt(offset);
    return `${line + 1}:${column + 1}`;
  };
  const out: string[] = [];
  for (const { kind, name, occurrences } of table.symbols) {
    out.push(`${kind} ${name}`);
    for (const occurrence of occurrences) {
      const { span, isDeclaration, stage } = occurrence;
      const from = table.definitionOf(occurrence);
      const origin = from === occurrence ? '' : `, from ${place(from.span.start)}`;
      const written = dockerfile.text.slice(span.start, span.end);
      out.push(
        `  ${place(span.start)} ${written}${isDeclaration ? ', declared' : ''}, stage ${stage}${origin}`,
      );
    }
  }
  out.push('references');
  for (const instruction of dockerfile.instructions) {
    const stages = stageReferences(instruction).map(({ name, span }) => `${place(span.start)} from ${name}`);
    const variables = variableReferences(dockerfile, instruction).map(
      ({ name, span }) => `${place(span.start)} ${name}`,
    );
    if (stages.length + variables.length > 0) out.push(`  ${[...stages, ...variables].join(', ')}`);
  }
  out.push('variables at the end of each stage');
  for (const stage of dockerfile.stages) {
    const end = stage.instructions.at(-1)?.span.end ?? stage.from.span.end;
    out.push(`  ${stage.index}: ${table.variablesAt({ stage: stage.index }, end + 1).join(' ')}`);
  }
  out.push(
    `  in the last FROM: ${table.variablesAt({ stage: -1 }, dockerfile.stages.at(-1)?.from.span.start ?? 0).join(' ')}`,
  );
  return `${out.join('\n')}\n`;
}

function tableOf(dockerfile: Dockerfile): SymbolTable {
  return symbolTable(dockerfile, shellReferences(dockerfile, readScript));
}

/** An occurrence is found at each of its characters and at its end, and nowhere else. */
function checkOffsets(dockerfile: Dockerfile): void {
  const table = tableOf(dockerfile);
  const expected = new Map<number, Occurrence>();
  for (const occurrence of table.symbols.flatMap(({ occurrences }) => occurrences)) {
    const { start, end } = occurrence.span;
    for (let offset = start; offset <= end; offset += 1) {
      if (offset < end || !expected.has(offset)) expected.set(offset, occurrence);
    }
  }
  for (let offset = 0; offset <= dockerfile.text.length + 1; offset += 1)
    assert.equal(table.at(offset), expected.get(offset), `at ${offset}`);
}
