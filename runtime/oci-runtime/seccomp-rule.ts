/** One rule of a seccomp profile, as Docker's profile files write it. */

import type { OciSyscallArg } from './runtime-spec.ts';

export interface RuleCondition {
  readonly caps?: readonly string[];
  /** Docker's names: amd64, arm64, x86, x32, arm … */
  readonly arches?: readonly string[];
  /** `4.8` */
  readonly minKernel?: string;
}

export interface ProfileRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly OciSyscallArg[];
  readonly includes?: RuleCondition;
  readonly excludes?: RuleCondition;
}
