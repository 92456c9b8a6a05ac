/** RUN: argv after shell and heredoc resolution, the environment it sees, its mounts and limits. Follows BuildKit's dispatchRun. */

import type { Heredoc, RunInstruction } from '../dockerfile/types.ts';

import { PROXY_ARGS } from './global-args.ts';
import { lowerMounts } from './lower-mounts.ts';
import { commandArgv, shellOf } from './metadata.ts';
import type { InlineFile, RunOp } from './ops.ts';
import { type Entitlement, fileEpoch } from './options.ts';
import type { StageState } from './planner.ts';
import { addHistory, addStep, currentDirectory, report } from './stage-state.ts';

/** Adds the vertex of a RUN. */
export async function lowerRun(state: StageState, run: RunInstruction): Promise<void> {
  const { options } = state.planner;
  const sourceDateEpoch = fileEpoch(options);
  const hostname = options.buildArgs.get('BUILDKIT_SANDBOX_HOSTNAME') ?? '';
  const { argv, pipes } = resolveCommand(state, run);
  checkDevices(state, run);
  if (argv.length === 0) {
    const message = 'failed to marshal LLB definition: arguments are required';
    report(state, 'E_RUN_EMPTY', message, run.span, 'write the command, or remove the RUN');
  }
  const op: RunOp = {
    kind: 'run',
    argv,
    env: new Map(state.variables),
    argNames: [...state.argNames],
    proxyEnv: proxyVariables(options.buildArgs),
    cwd: currentDirectory(state),
    user: state.config.User ?? '',
    network: networkOf(state, run),
    security: securityOf(state, run),
    extraHosts: options.extraHosts,
    ulimits: options.ulimits,
    ...(options.shmSizeBytes === undefined ? {} : { shmSizeBytes: options.shmSizeBytes }),
    ...(options.cgroupParent === undefined ? {} : { cgroupParent: options.cgroupParent }),
    ...(hostname === '' ? {} : { hostname }),
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
    if (!first.hasShebang) {
      return { argv: [...shellOf(state), first.body], pipes: [] };
    }
    const file = { name: first.name, content: first.body };
    // Docker: the shell starts it, so a missing interpreter is the shell's to tell (28.5.2).
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
  if (asked === 'host') demand(state, run, 'network.host', state.planner.options.network === 'host');
  if (asked === 'none' || asked === 'host') return asked;
  report(state, 'E_NETWORK', `unsupported network mode ${JSON.stringify(asked)}`, run.span);
  return state.planner.options.network;
}

function securityOf(state: StageState, run: RunInstruction): RunOp['security'] {
  if (flagOf(run, 'security') !== 'insecure') return 'sandbox';
  demand(state, run, 'security.insecure', false);
  return 'insecure';
}

/** Docker: what reaches beyond the sandbox is for the caller to allow; `--network host` allows it for single steps as well. */
function demand(state: StageState, run: RunInstruction, what: Entitlement, isImplied: boolean): void {
  if (isImplied || state.planner.options.allowed.includes(what)) return;
  report(state, 'E_ENTITLEMENT', `${what} is not allowed`, run.span, `allow it with --allow ${what}`);
}

/** Docker: a device that is not there is left out unless it is required. This engine has none. */
function checkDevices(state: StageState, run: RunInstruction): void {
  for (const { name, value = '', valueSpan, span } of run.flags) {
    if (name !== 'device') continue;
    const fields = value.split(',');
    const isRequired = fields.some((field) => /^required(?:=(?:1|t|true))?$/i.test(field));
    if (!isRequired) continue;
    const device = fields.find((field) => !/^required\b/i.test(field))?.replace(/^name=/, '') ?? '';
    const message = `required device ${JSON.stringify(device)} is not available: this engine has no CDI devices`;
    report(state, 'E_DEVICE', message, valueSpan ?? span, 'leave out required to build without it');
  }
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
