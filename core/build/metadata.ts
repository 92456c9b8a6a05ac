/**
 * Instructions that change the image config and no file: ARG, ENV, LABEL, EXPOSE, USER, VOLUME, CMD, ENTRYPOINT, SHELL, STOPSIGNAL, HEALTHCHECK, ONBUILD, MAINTAINER.
 * History texts are BuildKit's (dockerfile2llb, read at 73ed682), except that values of ARG given by the caller are left out.
 */

import type {
  ArgInstruction,
  CommandForm,
  CommandInstruction,
  EnvInstruction,
  HealthcheckInstruction,
  Instruction,
  ListInstruction,
  SingleInstruction,
} from '../dockerfile/types.ts';
import { parseDuration } from '../dockerfile/duration.ts';
import { goQuoteCharacter } from '../dockerfile/go-quote.ts';
import { goDuration } from '../go-duration.ts';
import type { HealthcheckConfig } from '../oci/image-config.ts';

import { readExposedPorts } from './exposed-ports.ts';
import type { StageState } from './planner.ts';
import { addHistory, expandText, expandWords, report, setArg, setEnv } from './stage-state.ts';
import { isStopSignal } from './stop-signal.ts';

export type MetadataInstruction = Exclude<
  Instruction,
  { readonly name: 'FROM' | 'RUN' | 'COPY' | 'ADD' | 'UNKNOWN' }
>;

/** Applies the instruction to the state. WORKDIR is not handled here. */
export function applyMetadata(state: StageState, instruction: MetadataInstruction): void {
  switch (instruction.name) {
    case 'ARG':
      return applyArg(state, instruction);
    case 'ENV':
    case 'LABEL':
      return applyPairs(state, instruction);
    case 'EXPOSE':
    case 'VOLUME':
      return applyList(state, instruction);
    case 'CMD':
    case 'ENTRYPOINT':
      return applyCommand(state, instruction);
    case 'SHELL': {
      const shell = instruction.command.kind === 'exec' ? instruction.command.words.map((w) => w.text) : [];
      if (shell.length === 0)
        report(state, 'E_SHELL', 'SHELL requires the arguments to be in JSON form', instruction.span);
      state.config = { ...state.config, Shell: shell };
      addHistory(state, `SHELL [${shell.join(' ')}]`, false);
      return;
    }
    case 'HEALTHCHECK':
      return applyHealthcheck(state, instruction);
    case 'ONBUILD': {
      const bodies = (instruction.trigger?.heredocs ?? []).map(({ body, name }) => `\n${body}${name}`);
      const trigger = instruction.rest.text + bodies.join('');
      state.config = { ...state.config, OnBuild: [...(state.config.OnBuild ?? []), trigger] };
      return;
    }
    case 'USER':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
    case 'WORKDIR':
      return applySingle(state, instruction);
  }
}

/** argv of a command form: shell form gets the stage's SHELL in front. */
export function commandArgv(state: StageState, command: CommandForm): readonly string[] {
  if (command.kind === 'exec') return command.words.map((word) => word.text);
  return [...shellOf(state), command.text];
}

export function shellOf(state: StageState): readonly string[] {
  const shell = state.config.Shell ?? [];
  return shell.length > 0 ? shell : ['/bin/sh', '-c'];
}

function applyArg(state: StageState, instruction: ArgInstruction): void {
  const { buildArgs } = state.planner.options;
  const shown: string[] = [];
  for (const { key, value } of instruction.variables) {
    const name = key.text;
    const given = buildArgs.get(name);
    const global = state.planner.globals.get(name);
    if (given !== undefined) {
      setArg(state, name, given);
      shown.push(name);
    } else if (value !== undefined) {
      const text = expandText(state, value.text, value.span);
      setArg(state, name, text);
      shown.push(`${name}=${text}`);
    } else {
      if (global !== undefined) setArg(state, name, global);
      shown.push(global === undefined ? name : `${name}=${global}`);
    }
  }
  addHistory(state, `ARG ${shown.join(' ')}`, false);
}

/** All values are expanded before the first is set: `ENV a=1 b=$a` takes the older `a`. */
function applyPairs(state: StageState, instruction: EnvInstruction): void {
  const pairs = instruction.pairs.map(({ key, value }) => ({
    key: expandText(state, key.text, key.span),
    value: expandText(state, value.text, value.span),
  }));
  if (instruction.name === 'ENV') {
    for (const { key, value } of pairs) setEnv(state, key, value);
  } else {
    const labels = { ...state.config.Labels };
    for (const { key, value } of pairs) labels[key] = value;
    state.config = { ...state.config, Labels: labels };
  }
  const shown = pairs.map(({ key, value }) => `${key}=${value}`).join(' ');
  addHistory(state, `${instruction.name} ${shown}`, false);
}

function applyList(state: StageState, instruction: ListInstruction): void {
  if (instruction.name === 'VOLUME') {
    const volumes = instruction.values.map((word) => expandText(state, word.text, word.span));
    if (volumes.includes(''))
      report(state, 'E_VOLUME', 'VOLUME specified can not be an empty string', instruction.span);
    const known = { ...state.config.Volumes };
    for (const volume of volumes) known[volume] = {};
    state.config = { ...state.config, Volumes: known };
    addHistory(state, `VOLUME [${volumes.join(' ')}]`, false);
    return;
  }
  const ports: string[] = [];
  for (const word of instruction.values) {
    for (const text of expandWords(state, word.text, word.span)) {
      const read = readExposedPorts(text);
      if ('fault' in read) report(state, 'E_PORT', read.fault, word.span);
      else ports.push(...read.ports);
    }
  }
  const exposed = { ...state.config.ExposedPorts };
  for (const port of ports) exposed[port] = {};
  state.config = { ...state.config, ExposedPorts: exposed };
  // Docker: the text is sorted, as 28.5.2 writes it.
  addHistory(state, `EXPOSE [${[...ports].sort(compareText).join(' ')}]`, false);
}

function applyCommand(state: StageState, instruction: CommandInstruction): void {
  const argv = commandArgv(state, instruction.command);
  const quoted = `[${argv.map((arg) => JSON.stringify(arg)).join(' ')}]`;
  if (instruction.name === 'CMD') {
    state.config = { ...state.config, Cmd: argv, ArgsEscaped: true };
    state.hasCommand = true;
  } else {
    const { Cmd, ...rest } = state.config;
    state.config = { ...rest, Entrypoint: argv, ...(state.hasCommand && Cmd !== undefined ? { Cmd } : {}) };
  }
  addHistory(state, `${instruction.name} ${quoted}`, false);
}

function applySingle(state: StageState, instruction: SingleInstruction): void {
  const { value } = instruction;
  if (value === undefined) return;
  if (instruction.name === 'MAINTAINER') {
    state.author = value.text;
    addHistory(state, `MAINTAINER ${value.text}`, false);
    return;
  }
  const text = expandText(state, value.text, value.span);
  if (instruction.name === 'USER') state.config = { ...state.config, User: text };
  if (instruction.name === 'STOPSIGNAL' && !isStopSignal(text)) {
    report(state, 'E_STOPSIGNAL', `invalid signal: ${text}`, value.span);
  }
  if (instruction.name === 'STOPSIGNAL') state.config = { ...state.config, StopSignal: text };
  addHistory(state, `${instruction.name} ${text}`, false);
}

function applyHealthcheck(state: StageState, instruction: HealthcheckInstruction): void {
  const kind = instruction.type?.text.toUpperCase();
  if (kind === 'NONE') {
    state.config = { ...state.config, Healthcheck: { Test: ['NONE'] } };
    addHistory(state, healthcheckText(['NONE'], [0, 0, 0, 0], 0), false);
    return;
  }
  const { command } = instruction;
  if (kind !== 'CMD' || command === undefined) {
    report(
      state,
      'E_HEALTHCHECK',
      `unknown type ${JSON.stringify(kind ?? '')} in HEALTHCHECK (try CMD)`,
      instruction.span,
    );
    return;
  }
  const test =
    command.kind === 'exec'
      ? ['CMD', ...command.words.map((word) => word.text)]
      : ['CMD-SHELL', command.text];
  const retries = Number(flagText(instruction, 'retries') ?? '0');
  const durations = {
    Interval: durationOf(state, instruction, 'interval'),
    Timeout: durationOf(state, instruction, 'timeout'),
    StartPeriod: durationOf(state, instruction, 'start-period'),
    StartInterval: durationOf(state, instruction, 'start-interval'),
  };
  const check: HealthcheckConfig = {
    Test: test,
    ...Object.fromEntries(Object.entries(durations).filter(([, value]) => value !== 0)),
    ...(retries === 0 ? {} : { Retries: retries }),
  };
  state.config = { ...state.config, Healthcheck: check };
  addHistory(state, healthcheckText(test, Object.values(durations), retries), false);
}

function durationOf(state: StageState, instruction: HealthcheckInstruction, name: string): number {
  const flag = instruction.flags.find((candidate) => candidate.name === name);
  if (flag?.value === undefined || flag.value === '') return 0;
  const duration = parseDuration(flag.value);
  if (duration.kind === 'duration') return duration.ms * 1e6;
  report(state, 'E_DURATION', duration.message, flag.valueSpan ?? flag.span);
  return 0;
}

function flagText(instruction: Instruction, name: string): string | undefined {
  return instruction.flags.find((flag) => flag.name === name)?.value;
}

/** Docker: Go's `%q` of the whole struct, so that retries are a quoted character (28.5.2, measured). */
function healthcheckText(test: readonly string[], durations: readonly number[], retries: number): string {
  const words = test.map((word) => JSON.stringify(word)).join(' ');
  const times = durations.map((value) => JSON.stringify(goDuration(value))).join(' ');
  return `HEALTHCHECK &{[${words}] ${times} ${goQuoteCharacter(retries)}}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
