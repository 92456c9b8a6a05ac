/**
 * `--change` of commit and import: Dockerfile instructions applied to a run configuration.
 * Only the instructions that Docker accepts there (moby builder/dockerfile/dispatchers.go, validCommitCommands).
 */

import { NaruError } from '../../../core/errors.ts';
import { expand } from '../../../core/dockerfile/expansion.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { CommandForm, Instruction, Word } from '../../../core/dockerfile/types.ts';
import type { ImageRunConfig } from '../../../core/oci/image-config.ts';

/** The configuration after the changes, in order. @throws invalid-argument for anything that cannot be applied */
export function applyChanges(config: ImageRunConfig, changes: readonly string[]): ImageRunConfig {
  return changes.reduce(applyText, config);
}

function applyText(config: ImageRunConfig, text: string): ImageRunConfig {
  const { value, problems } = readDockerfile(`FROM scratch\n${text}\n`);
  const fault = problems.find(({ severity }) => severity === 'error');
  if (fault !== undefined) throw wrong(fault.message);
  return (value.stages[0]?.instructions ?? []).reduce(applyInstruction, config);
}

function applyInstruction(config: ImageRunConfig, instruction: Instruction): ImageRunConfig {
  const valueOf = (word: Word | undefined): string => expanded(config, word?.text ?? '');
  switch (instruction.name) {
    case 'CMD':
      return { ...config, Cmd: argumentsOf(config, instruction.command) };
    case 'ENTRYPOINT':
      return { ...config, Entrypoint: argumentsOf(config, instruction.command) };
    case 'ENV': {
      const pairs = instruction.pairs.map(({ key, value }) => [valueOf(key), valueOf(value)] as const);
      return { ...config, Env: withVariables(config.Env ?? [], pairs) };
    }
    case 'LABEL': {
      const pairs = instruction.pairs.map(({ key, value }) => [valueOf(key), valueOf(value)]);
      const added = Object.fromEntries(pairs) as Readonly<Record<string, string>>; // pairs of strings
      return { ...config, Labels: { ...config.Labels, ...added } };
    }
    case 'EXPOSE': {
      const ports = instruction.values.map((word) => valueOf(word));
      return { ...config, ExposedPorts: { ...config.ExposedPorts, ...keySet(ports.map(withProtocol)) } };
    }
    case 'VOLUME':
      return { ...config, Volumes: { ...config.Volumes, ...keySet(instruction.values.map(valueOf)) } };
    case 'USER':
      return { ...config, User: valueOf(instruction.value) };
    case 'STOPSIGNAL':
      return { ...config, StopSignal: valueOf(instruction.value) };
    case 'WORKDIR':
      return { ...config, WorkingDir: joined(config.WorkingDir ?? '/', valueOf(instruction.value)) };
    case 'ONBUILD':
      return { ...config, OnBuild: [...(config.OnBuild ?? []), instruction.rest.text] };
    case 'ADD':
    case 'ARG':
    case 'COPY':
    case 'FROM':
    case 'HEALTHCHECK':
    case 'MAINTAINER':
    case 'RUN':
    case 'SHELL':
    case 'UNKNOWN':
      throw wrong(`${instruction.keyword.toLowerCase()} is not a valid change command`);
  }
}

function argumentsOf(config: ImageRunConfig, command: CommandForm): readonly string[] {
  if (command.kind === 'exec') return command.words.map(({ text }) => text);
  return [...(config.Shell ?? ['/bin/sh', '-c']), command.text];
}

function expanded(config: ImageRunConfig, text: string): string {
  const known = new Map((config.Env ?? []).map((entry) => splitVariable(entry)));
  const result = expand(text, { escape: '\\', lookup: (name) => known.get(name) });
  if (result.fault !== undefined) throw wrong(result.fault.message);
  return result.text;
}

function withVariables(
  env: readonly string[],
  pairs: readonly (readonly [string, string])[],
): readonly string[] {
  const merged = new Map(env.map((entry) => splitVariable(entry)));
  for (const [name, value] of pairs) merged.set(name, value);
  return [...merged].map(([name, value]) => `${name}=${value}`);
}

function splitVariable(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
}

function withProtocol(port: string): string {
  return port.includes('/') ? port.toLowerCase() : `${port}/tcp`;
}

function joined(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function keySet(keys: readonly string[]): Readonly<Record<string, Record<string, never>>> {
  return Object.fromEntries(keys.map((key) => [key, {}]));
}

function wrong(text: string): NaruError {
  return new NaruError('invalid-argument', 'E_CHANGE', text);
}
