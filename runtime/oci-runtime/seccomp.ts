/**
 * Seccomp profiles: Docker's profile format (the default of `seccomp-table.ts`, or what `--security-opt seccomp=` brings) made concrete for one container.
 * Format: https://docs.docker.com/engine/security/seccomp/ and runtime-spec config-linux.md §Seccomp.
 */

import { NaruError } from '../../core/errors.ts';
import type { OciSeccomp, OciSyscall, OciSyscallArg } from './runtime-spec.ts';
import type { ProfileRule, RuleCondition } from './seccomp-rule.ts';
import { DEFAULT_RULES } from './seccomp-table.ts';

export interface Profile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls: readonly ProfileRule[];
}

export interface SeccompTarget {
  readonly capabilities: readonly string[];
  /** As Node says: x64 or arm64. */
  readonly arch: string;
  /** `6.18.0-…` */
  readonly kernelRelease: string;
}

const EPERM = 1;

export const DEFAULT_PROFILE: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: EPERM,
  syscalls: DEFAULT_RULES,
};

/** The rules of the profile that hold for the container, in the profile's order. */
export function makeSeccomp(profile: Profile, target: SeccompTarget): OciSeccomp {
  return {
    defaultAction: profile.defaultAction,
    ...(profile.defaultErrnoRet === undefined ? {} : { defaultErrnoRet: profile.defaultErrnoRet }),
    architectures:
      target.arch === 'arm64'
        ? ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']
        : ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    syscalls: profile.syscalls
      .filter((rule) => isIncluded(rule.includes, target) && !isExcluded(rule.excludes, target))
      .map(toOci),
  };
}

/**
 * Decodes the JSON text of `--security-opt seccomp=…`; unknown fields are ignored, as dockerd does.
 * @throws NaruError "invalid-argument" saying which part is wrong
 */
export function parseProfile(text: string): Profile {
  const root = record(parseJson(text), 'profile');
  if (typeof root['defaultAction'] !== 'string') throw invalid('defaultAction must be a string');
  const syscalls = root['syscalls'] ?? [];
  if (!Array.isArray(syscalls)) throw invalid('syscalls must be a list');
  return {
    defaultAction: root['defaultAction'],
    ...optionalNumber(root['defaultErrnoRet'], 'defaultErrnoRet'),
    syscalls: syscalls.map(parseRule),
  };
}

function isIncluded(condition: RuleCondition | undefined, target: SeccompTarget): boolean {
  if (condition === undefined) return true;
  const { caps = [], arches = [], minKernel } = condition;
  return (
    caps.every((name) => target.capabilities.includes(name)) &&
    (arches.length === 0 || arches.includes(dockerArch(target.arch))) &&
    (minKernel === undefined || isKernelAtLeast(target.kernelRelease, minKernel))
  );
}

function isExcluded(condition: RuleCondition | undefined, target: SeccompTarget): boolean {
  if (condition === undefined) return false;
  const { caps = [], arches = [], minKernel } = condition;
  return (
    caps.some((name) => target.capabilities.includes(name)) ||
    arches.includes(dockerArch(target.arch)) ||
    (minKernel !== undefined && isKernelAtLeast(target.kernelRelease, minKernel))
  );
}

function toOci(rule: ProfileRule): OciSyscall {
  return {
    names: rule.names,
    action: rule.action,
    ...(rule.errnoRet === undefined ? {} : { errnoRet: rule.errnoRet }),
    ...(rule.args === undefined || rule.args.length === 0 ? {} : { args: rule.args }),
  };
}

function dockerArch(arch: string): string {
  return arch === 'x64' ? 'amd64' : arch;
}

function isKernelAtLeast(release: string, minimum: string): boolean {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = minimum.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function parseRule(value: unknown): ProfileRule {
  const rule = record(value, 'syscalls entry');
  const names = Array.isArray(rule['names']) ? stringList(rule['names'], 'names') : [];
  const name = typeof rule['name'] === 'string' && rule['name'] !== '' ? [rule['name']] : [];
  if (typeof rule['action'] !== 'string') throw invalid('action of a rule must be a string');
  const errnoRet = rule['errnoRet'];
  return {
    names: [...names, ...name],
    action: rule['action'],
    ...(typeof errnoRet === 'number' ? { errnoRet } : {}),
    ...(Array.isArray(rule['args']) ? { args: rule['args'].map(parseArg) } : {}),
    ...(isRecord(rule['includes']) ? { includes: parseCondition(rule['includes']) } : {}),
    ...(isRecord(rule['excludes']) ? { excludes: parseCondition(rule['excludes']) } : {}),
  };
}

function parseArg(value: unknown): OciSyscallArg {
  const { index, value: operand, valueTwo, op } = record(value, 'args entry');
  if (typeof index !== 'number' || typeof operand !== 'number' || typeof op !== 'string') {
    throw invalid('an argument needs index, value and op');
  }
  return { index, value: operand, op, ...(typeof valueTwo === 'number' ? { valueTwo } : {}) };
}

function parseCondition(value: Readonly<Record<string, unknown>>): RuleCondition {
  const { caps, arches, minKernel } = value;
  return {
    ...(Array.isArray(caps) ? { caps: stringList(caps, 'caps') } : {}),
    ...(Array.isArray(arches) ? { arches: stringList(arches, 'arches') } : {}),
    ...(typeof minKernel === 'string' && minKernel !== '' ? { minKernel } : {}),
  };
}

function optionalNumber(value: unknown, field: string): { readonly defaultErrnoRet?: number } {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'number') throw invalid(`${field} must be a number`);
  return { defaultErrnoRet: value };
}

function stringList(value: readonly unknown[], field: string): readonly string[] {
  return value.map((item) => {
    if (typeof item !== 'string') throw invalid(`${field} must hold strings`);
    return item;
  });
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw invalid(`${what} must be an object`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'not JSON');
  }
}

function invalid(reason: string): NaruError {
  // Docker: "Decoding seccomp profile failed" is how dockerd starts the sentence.
  return new NaruError('invalid-argument', 'E_SECCOMP_PROFILE', `decoding seccomp profile failed: ${reason}`);
}
