/** RUN: argv after shell and heredoc resolution, the environment it sees, its mounts and limits. Follows BuildKit's dispatchRun. */

import type { Heredoc, RunInstruction } from '../dockerfile/types.ts';

import { PROXY_ARGS } from './global-args.ts';
import { lowerMounts } from './lower-mounts.ts';
import { commandArgv, shellOf } from './metadata.ts';
import type { InlineFile, RunOp } from './ops.ts';
import { fileEpoch } from './options.ts';
import { addHistory, addStep, currentDirectory, report, type StageState } from './stage-state.ts';

/** Adds the vertex of a RUN. */
export async function lowerRun(state: StageState, run: RunInstruction): Promise<void> {
  const { options } = state.planner;
  const sourceDateEpoch = fileEpoch(options);
  const { argv, pipes } = resolveCommand(state, run);
  const op: RunOp = {
    kind: 'run',
    argv,
    env: new Map(state.variables),
    argNames: [...state.argNames],
    proxyEnv: proxyVariables(options.buildArgs),
    cwd: currentDirectory(state),
    user: state.config.User ?? '',
    network: networkOf(state, run),
    security: flagOf(run, 'security') === 'insecure' ? 'insecure' : 'sandbox',
    extraHosts: options.extraHosts,
    ulimits: options.ulimits,
    ...(options.shmSizeBytes === undefined ? {} : { shmSizeBytes: options.shmSizeBytes }),
    ...(options.cgroupParent === undefined ? {} : { cgroupParent: options.cgroupParent }),
    platform: state.platform,
    mounts: await lowerMounts(state, run),
    pipes,
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
  };
  const historyIndex = addHistory(state, `RUN ${argv.join(' ')} # buildkit`, true);
  addStep(state, run, op, { historyIndex, isForced: true });
}

interface ResolvedCommand {
  readonly argv: readonly string[];
  readonly pipes: readonly InlineFile[];
}

/**
 * A command that is one heredoc and nothing else runs its body: as the shell's command, or as a file that the shell is told to execute when it starts with `#!`.
 * Any other use of heredocs is given to the shell as it was written.
 */
function resolveCommand(state: StageState, run: RunInstruction): ResolvedCommand {
  const [first] = run.heredocs;
  if (run.command.kind === 'exec' || first === undefined) {
    return { argv: commandArgv(state, run.command), pipes: [] };
  }
  if (run.heredocs.length === 1 && isLoneHeredoc(run.command.text)) {
    if (!first.body.startsWith('#!') || state.platform.os === 'windows') {
      return { argv: [...shellOf(state), first.body], pipes: [] };
    }
    const file = { name: first.name, content: first.body };
    return { argv: [...shellOf(state), `/dev/pipes/${first.name}`], pipes: [file] };
  }
  const bodies = run.heredocs.map((heredoc: Heredoc) => `\n${heredoc.body}${heredoc.name}`);
  return { argv: [...shellOf(state), run.command.text + bodies.join('')], pipes: [] };
}

function isLoneHeredoc(text: string): boolean {
  return /^\d*<<-?[ \t]*(?:"[^"<]*"|'[^'<]*'|[^\s<]+)$/.test(text.trim());
}

function networkOf(state: StageState, run: RunInstruction): RunOp['network'] {
  const asked = flagOf(run, 'network');
  if (asked === undefined || asked === 'default') return state.planner.options.network;
  if (asked === 'none' || asked === 'host') return asked;
  report(state, 'E_NETWORK', `unsupported network mode ${JSON.stringify(asked)}`, run.span);
  return state.planner.options.network;
}

/** Docker: whichever spelling is given, the command sees both. */
function proxyVariables(buildArgs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const proxies = new Map<string, string>();
  for (const name of PROXY_ARGS) {
    const value = buildArgs.get(name);
    if (value === undefined) continue;
    proxies.set(name.toUpperCase(), value);
    proxies.set(name.toLowerCase(), value);
  }
  return proxies;
}

function flagOf(run: RunInstruction, name: string): string | undefined {
  return run.flags.find((flag) => flag.name === name)?.value;
}
