/**
 * A plan as text, for reviewing: every vertex with what it does, what it reads, and the parts of its key; the image config; what is skipped; what is wrong.
 * Empty fields are left out; of a vertex only that is told which differs from the one of its kind before (`+`, `-`).
 */

import type { PreparedVertex } from '../../../core/build/requests.ts';
import type { PlannedStage, Vertex } from '../../../core/build/types.ts';
import type { Problem } from '../../../core/source.ts';
import type { PlannedCase } from './planned-case.ts';

export function planText({ plan, prepared, problems, lineOf }: PlannedCase): string {
  const out: string[] = problems.map((problem) => problemText(problem, lineOf));
  if (plan === undefined) return text([...out, 'nothing to build']);
  const told = new Map<string, readonly string[]>();
  plan.vertices.forEach((vertex, at) => {
    const lines = vertexLines(vertex, prepared[at]);
    out.push('', ...vertexHead(vertex), ...changes(told.get(vertex.op.kind) ?? [], lines));
    told.set(vertex.op.kind, lines);
  });
  out.push('', `target ${plan.target.index} ${plan.target.name}: vertex ${plan.target.last}`);
  out.push(
    `stages ${plan.stages.map(({ index, name, vertices }) => `${index} ${name}: ${vertices.join(' ')}`).join('; ')}`,
  );
  out.push(...configText(plan.target));
  for (const { stageIndex, stageName, line, instruction } of plan.skipped)
    out.push(`skipped ${stageIndex} ${stageName} ${line}: ${instruction}`);
  return text(out);
}

/** `line: code: message (hint)`. */
export function problemText(
  { code, severity, message, span, hint }: Problem,
  lineOf: (at: number) => number,
): string {
  const note = hint === undefined ? '' : ` (${hint})`;
  return `${lineOf(span.start)}: ${severity === 'error' ? '' : `${severity} `}${code}: ${message}${note}`;
}

function vertexHead(vertex: Vertex): readonly string[] {
  const { id, op, root, stageName, line, instruction, isImplicit, isForced, historyIndex } = vertex;
  const marks = [
    op.kind,
    root === undefined ? 'on nothing' : `on ${root}`,
    isImplicit ? 'implicit' : '',
    isForced ? 'forced' : '',
    historyIndex === undefined ? '' : `history ${historyIndex}`,
  ].filter((mark) => mark !== '');
  return [`${id} ${stageName} ${line}: ${instruction.replaceAll('\n', '\\n')}`, `  ${marks.join(', ')}`];
}

function vertexLines({ op }: Vertex, prepared: PreparedVertex | undefined): readonly string[] {
  const fields = Object.entries(op).filter(
    ([name, value]) => !['kind', 'image', 'instruction'].includes(name) && !isEmpty(value),
  );
  return [...fields.map(([name, value]) => `${name}: ${shown(value)}`), ...preparedLines(prepared)];
}

function changes(before: readonly string[], now: readonly string[]): readonly string[] {
  return [
    ...before.filter((line) => !now.includes(line)).map((line) => `  - ${line}`),
    ...now.filter((line) => !before.includes(line)).map((line) => `  + ${line}`),
  ];
}

function preparedLines(prepared: PreparedVertex | undefined): readonly string[] {
  if (prepared === undefined) return [];
  const { request, components, faults, missingContext } = prepared;
  const out = request.sources.map(({ vertex, selection }) => `reads ${vertex}: ${shown(selection)}`);
  for (const { kind, name, value, path } of components) {
    const from = path === undefined || path === name ? '' : ` (${path})`;
    out.push(`key ${kind} ${name} = ${value.replaceAll('\n', '\\n')}${from}`);
  }
  for (const { kind, message } of faults) out.push(`fault ${kind}: ${message}`);
  if (missingContext !== undefined) out.push(`lacks context ${missingContext}`);
  if (request.allowsCutOff) out.push('may be cut off');
  if (request.local === undefined && request.givenKey === undefined) out.push('has no key');
  return out;
}

function configText({ config }: PlannedStage): readonly string[] {
  const { os, architecture, variant, author, rootfs } = config;
  const platform = [os, architecture, variant].filter((part) => part !== undefined).join('/');
  const out = [
    `image ${platform}, ${rootfs.diff_ids.length} base layers${author === undefined ? '' : `, by ${author}`}`,
  ];
  for (const [name, value] of Object.entries(config.config ?? {}))
    out.push(`  ${name}: ${JSON.stringify(value)}`);
  for (const { created_by: by = '', empty_layer: isEmptyLayer } of config.history ?? [])
    out.push(`  history ${isEmptyLayer === true ? '-' : '+'} ${by.replaceAll('\n', '\\n')}`);
  return out;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false || value === '') return true;
  if (value instanceof Map) return value.size === 0;
  return Array.isArray(value) && value.length === 0;
}

/** Maps as lists of pairs, undefined fields left out. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Map ? [...part] : part));
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n').trim()}\n`;
}
