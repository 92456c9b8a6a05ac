/** Versions in the arguments of yum and dnf, where `name-1.2.3` is a version and `name-tools` is not. */

import type { Stage } from '../dockerfile/types.ts';
import { valuedOptions } from './option-values.ts';
import type { Placed } from './placed.ts';
import type { LintContext, Report } from './rule.ts';
import { passes, runsWith } from './runs.ts';
import { hasArgument, plainArguments } from './shell/arguments.ts';
import { parentStages } from './stage-graph.ts';
import type { ShellCommand, ShellWord } from './shell/script.ts';

export interface RpmTool {
  readonly names: readonly string[];
  /** Subcommands whose arguments are no packages. */
  readonly others: readonly string[];
}

/** Reports the first package of each install command that has no version. Variables count as versions when the file defines them. */
export function reportUnpinnedPackages(
  context: LintContext,
  report: (found: Report) => void,
  tool: RpmTool,
): void {
  if (runsWith(context, ...tool.names).length === 0) return;
  const parents = context.once(parentStages);
  const valued = valuedOptions(context, 'dnf');
  for (const pass of passes(context, 'FROM', 'ARG', 'ENV', 'RUN')) {
    const variables = knownVariables(parents);
    for (const placed of pass) {
      const { instruction: run } = placed;
      if (run.name !== 'RUN') {
        variables.learn(placed);
        continue;
      }
      for (const command of context.shellOf(run).commands) {
        const word = unpinnedPackage(command, tool, valued, variables.has);
        // A file is one version; hadolint knows that of names with a hyphen.
        const isFile = word?.value.endsWith('.rpm') === true && !context.followsHadolint;
        if (word !== undefined && !isFile) report({ span: word.span });
      }
    }
  }
}

function unpinnedPackage(
  command: ShellCommand,
  tool: RpmTool,
  valued: readonly string[],
  isKnown: (text: string) => boolean,
): ShellWord | undefined {
  if (!tool.names.includes(command.name.value) || !hasArgument(command, ['install'])) return undefined;
  const packages = plainArguments(command, valued).filter(
    ({ value }) => value !== 'install' && value !== 'module',
  );
  if (hasArgument(command, ['module'])) return packages.find(({ value }) => !value.includes(':'));
  if (hasArgument(command, tool.others)) return undefined;
  return packages.find(({ value }) => !isPinned(value, isKnown));
}

function isPinned(name: string, isKnown: (text: string) => boolean): boolean {
  const [, ...parts] = name.split('-');
  if (parts.length === 0) return false;
  if (name.endsWith('.rpm')) return true;
  if (name.includes('$')) return isKnown(name);
  return parts.every((part) => /^[\w.~^:+]*$/.test(part)) && parts.some((part) => /^\d/.test(part));
}

interface KnownVariables {
  readonly learn: (placed: Placed) => void;
  /** True if the text mentions a variable that is known here. */
  readonly has: (text: string) => boolean;
}

/** ARGs hold for the rest of the file, ENVs for their stage and those that start from it. */
function knownVariables(parents: ReadonlyMap<Stage, Stage>): KnownVariables {
  const args = new Set<string>();
  const environments = new Map<Stage | undefined, Set<string>>();
  let current: Stage | undefined;
  return {
    learn({ instruction, stage }) {
      current = stage;
      if (instruction.name === 'ARG') for (const { key } of instruction.variables) args.add(key.text);
      if (instruction.name === 'FROM') {
        const parent = current === undefined ? undefined : parents.get(current);
        environments.set(current, new Set(parent === undefined ? [] : environments.get(parent)));
      }
      if (instruction.name !== 'ENV') return;
      const own = environments.get(current) ?? new Set();
      for (const { key } of instruction.pairs) own.add(key.text);
      environments.set(current, own);
    },
    has(text) {
      const known = [...args, ...(environments.get(current) ?? [])];
      return known.some((name) => text.includes(`\${${name}}`));
    },
  };
}
