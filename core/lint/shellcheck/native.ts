/** The variables of each RUN for the rules that stand in for ShellCheck where there is none. */

import type { Span } from '../../source.ts';
import type { LintContext } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { mayExpand, readExpansions, type ShellExpansions } from '../shell/expansions.ts';
import { type CheckedScript, checkedScript, checkedScripts } from './scripts.ts';

export interface ScriptExpansions {
  readonly expansions: ShellExpansions;
  readonly script: CheckedScript;
}

/** Nothing where the real ShellCheck speaks, nor of shells that it does not read. */
export function scriptsWithoutShellcheck(context: LintContext): readonly CheckedScript[] {
  if (context.options.shellcheck !== undefined) return [];
  return context.once(checkedScripts).filter(isRead);
}

/** ShellCheck looks at how the name begins. */
function isRead({ shell }: CheckedScript): boolean {
  return !/(?:^|\/)(?:awk|csh|expect|perl|python|ruby|tcsh|zsh)[^/]*$/.test(shell.split(/\s/)[0] ?? '');
}

/** The same of those that expand something. */
export function nativeScripts(context: LintContext): readonly ScriptExpansions[] {
  return context.options.shellcheck === undefined ? context.once(allExpansions) : [];
}

function allExpansions(context: LintContext): readonly ScriptExpansions[] {
  const expanding = runsOf(context).filter(({ script }) => mayExpand(script.line));
  return expanding.flatMap((run) => {
    const script = checkedScript(context, run);
    return script === undefined || !isRead(script)
      ? []
      : [{ expansions: readExpansions(run.script), script }];
  });
}

/** The first use of each name that neither the script nor anything before it sets, where the script does not say what to do then. */
export function unsetVariables({
  expansions: { all, runsOther, set, tested },
  script,
}: ScriptExpansions): readonly { readonly name: string; readonly span: Span }[] {
  if (runsOther) return [];
  const seen = new Set<string>();
  return all.flatMap((found) => {
    const { isGuarded, name } = found;
    if (name === undefined || isGuarded || seen.has(name) || !/^[A-Za-z_]/.test(name)) return [];
    seen.add(name);
    return set.has(name) || tested.has(name) || script.variables.has(name)
      ? []
      : [{ name, span: found.span }];
  });
}
