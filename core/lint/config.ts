/**
 * The configuration of lint: `.hadolint.yaml`, its twins in the environment, and flags, all with hadolint's keys.
 * Sources are merged: lists add up, single values of a later source win.
 */

import type { Parsed, Problem } from '../source.ts';
import { FORMAT_NAMES, type FormatName } from './formats/names.ts';
import type { LabelType, LintOptions } from './rule.ts';
import type { Severity } from './severity.ts';
import { readYaml } from './yaml-keys.ts';

export interface LintConfig {
  readonly ignored: readonly string[];
  readonly overrides: Readonly<Record<Severity, readonly string[]>>;
  readonly trustedRegistries: readonly string[];
  readonly labelSchema: ReadonlyMap<string, LabelType>;
  /** Sentences about what was passed over: values of the environment, as hadolint does, and keys of a file that mean nothing here or there. */
  readonly faults: readonly string[];
  readonly strictLabels?: boolean;
  readonly ignoresPragmas?: boolean;
  readonly failureThreshold?: Severity | 'none';
  /** Of the reports, in the order of the places they go to; never empty. */
  readonly formats?: readonly FormatName[];
  readonly noFail?: boolean;
  readonly noColor?: boolean;
  readonly isVerbose?: boolean;
}

export const NO_LINT_CONFIG: LintConfig = {
  ignored: [],
  overrides: { error: [], warning: [], info: [], style: [] },
  trustedRegistries: [],
  labelSchema: new Map(),
  faults: [],
};

/** From weak to strong. */
const SEVERITIES: readonly Severity[] = ['style', 'info', 'warning', 'error'];
const LABEL_TYPES: readonly LabelType[] = ['text', 'url', 'rfc3339', 'spdx', 'hash', 'semver', 'email'];

const KEYS: ReadonlySet<string> = new Set([
  'ignored',
  'override',
  'trustedRegistries',
  'label-schema',
  'strict-labels',
  'disable-ignore-pragma',
  'failure-threshold',
  'format',
  'formats',
  'no-fail',
  'no-color',
  'verbose',
]);

/** Reads YAML. What has the wrong shape is an error, a key that means nothing a warning; both count as absent. */
export function readLintConfig(text: string): Parsed<LintConfig> {
  const { problems: unreadable, spanOfKey, value } = readYaml(text, CODE);
  const problems: Problem[] = [...unreadable];
  const fault: Fault = (message, ...path) => {
    problems.push({ code: CODE, severity: 'error', message, span: spanOfKey(path) });
  };
  if (value === undefined || value === null) return { value: NO_LINT_CONFIG, problems };
  const entries = entriesOf(value);
  if (entries === undefined) fault('the configuration must hold keys such as ignored and override');
  const keys = new Map(entries);
  for (const path of unknownKeys(keys)) {
    const message = `the configuration has no key ${path.join('.')}`;
    problems.push({ code: CODE, severity: 'warning', message, span: spanOfKey(path) });
  }
  return { value: decode(keys, fault), problems };
}

const CODE = 'E_LINT_CONFIG';

/** What is wrong, and the keys that lead to it. */
type Fault = (message: string, ...path: readonly string[]) => void;

/** Each by the keys that lead to it. */
function unknownKeys(given: ReadonlyMap<string, unknown>): readonly (readonly string[])[] {
  const severities: readonly string[] = SEVERITIES;
  const below = entriesOf(given.get('override')) ?? [];
  return [
    ...[...given.keys()].filter((key) => !KEYS.has(key)).map((key) => [key]),
    ...below.filter(([key]) => !severities.includes(key)).map(([key]) => ['override', key]),
  ];
}

function decode(given: ReadonlyMap<string, unknown>, fault: Fault): LintConfig {
  const list = (value: unknown, ...path: readonly string[]): readonly string[] => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    fault(`${path.join('.')} must be a list of texts`, ...path);
    return [];
  };
  const flag = (key: string): boolean | undefined => {
    const value = given.get(key);
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
    fault(`${key} must be true or false`, key);
    return undefined;
  };
  const overrides = entriesOf(given.get('override') ?? {});
  if (overrides === undefined) fault('override must give a list of rules to severities', 'override');
  const override = new Map(overrides);
  const formats = [
    ...list(given.get('formats'), 'formats').map((name) => formatName(name, 'formats', fault)),
    // Both together would be two reports on stdout.
    given.has('formats') ? undefined : formatName(given.get('format') ?? undefined, 'format', fault),
  ];
  const schema = entriesOf(given.get('label-schema') ?? {});
  if (schema === undefined) fault('label-schema must give a type to each label', 'label-schema');
  return {
    ignored: list(given.get('ignored'), 'ignored'),
    overrides: {
      error: list(override.get('error'), 'override', 'error'),
      warning: list(override.get('warning'), 'override', 'warning'),
      info: list(override.get('info'), 'override', 'info'),
      style: list(override.get('style'), 'override', 'style'),
    },
    trustedRegistries: list(given.get('trustedRegistries'), 'trustedRegistries'),
    labelSchema: labelSchema(schema ?? [], (message, name) =>
      fault(`label-schema: ${message}`, 'label-schema', name),
    ),
    faults: [],
    ...defined({
      strictLabels: flag('strict-labels'),
      ignoresPragmas: flag('disable-ignore-pragma'),
      noFail: flag('no-fail'),
      noColor: flag('no-color'),
      isVerbose: flag('verbose'),
      failureThreshold: threshold(given.get('failure-threshold') ?? undefined, 'failure-threshold', fault),
      formats: someOf(formats),
    }),
  };
}

/** `HADOLINT_…` and `NO_COLOR`. */
export function lintConfigFromEnvironment(env: Readonly<Record<string, string | undefined>>): LintConfig {
  const faults: string[] = [];
  const fault = (message: string): void => void faults.push(message);
  const list = (name: string): readonly string[] => env[name]?.split(',').filter((item) => item !== '') ?? [];
  const text = (name: string): string | undefined => env[name] || undefined;
  const flag = (name: string): boolean | undefined => {
    const value = env[name];
    return value === undefined ? undefined : /^(?:1|y|on|true|yes)$/i.test(value);
  };
  const labels = list('HADOLINT_REQUIRE_LABELS').map((pair) => labelPair(pair));
  return {
    ignored: list('HADOLINT_IGNORE'),
    overrides: {
      error: list('HADOLINT_OVERRIDE_ERROR'),
      warning: list('HADOLINT_OVERRIDE_WARNING'),
      info: list('HADOLINT_OVERRIDE_INFO'),
      style: list('HADOLINT_OVERRIDE_STYLE'),
    },
    trustedRegistries: list('HADOLINT_TRUSTED_REGISTRIES'),
    labelSchema: labelSchema(labels, (message) => fault(`HADOLINT_REQUIRE_LABELS: ${message}`)),
    faults,
    ...defined({
      strictLabels: flag('HADOLINT_STRICT_LABELS'),
      ignoresPragmas: flag('HADOLINT_DISABLE_IGNORE_PRAGMA'),
      noFail: flag('HADOLINT_NOFAIL'),
      isVerbose: flag('HADOLINT_VERBOSE'),
      noColor: env['NO_COLOR'] === undefined ? undefined : true,
      failureThreshold: threshold(text('HADOLINT_FAILURE_THRESHOLD'), 'HADOLINT_FAILURE_THRESHOLD', fault),
      formats: someOf(list('HADOLINT_FORMAT').map((name) => formatName(name, 'HADOLINT_FORMAT', fault))),
    }),
  };
}

/** `name:type`, as in `--require-label`; without a type any text will do. */
export function labelPair(pair: string): readonly [string, unknown] {
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
}

/** Labels of an unknown type are left out. */
export function labelSchema(
  pairs: Iterable<readonly [string, unknown]>,
  fault: (message: string, name: string) => void = () => undefined,
): ReadonlyMap<string, LabelType> {
  const schema = new Map<string, LabelType>();
  for (const [name, given] of pairs) {
    const type = given === '' ? 'text' : LABEL_TYPES.find((known) => known === given);
    if (type !== undefined) schema.set(name, type);
    else fault(`the type of ${name} must be one of ${LABEL_TYPES.join(', ')}`, name);
  }
  return schema;
}

export function mergeLintConfigs(configs: readonly LintConfig[]): LintConfig {
  return configs.reduce(
    (merged, config) => ({
      ...merged,
      ...config,
      ignored: [...merged.ignored, ...config.ignored],
      overrides: {
        error: [...merged.overrides.error, ...config.overrides.error],
        warning: [...merged.overrides.warning, ...config.overrides.warning],
        info: [...merged.overrides.info, ...config.overrides.info],
        style: [...merged.overrides.style, ...config.overrides.style],
      },
      trustedRegistries: [...merged.trustedRegistries, ...config.trustedRegistries],
      labelSchema: new Map([...merged.labelSchema, ...config.labelSchema]),
      faults: [...merged.faults, ...config.faults],
    }),
    NO_LINT_CONFIG,
  );
}

/** A rule that several severities name gets the highest. */
export function lintOptionsOf(config: LintConfig): LintOptions {
  const severities = new Map(
    SEVERITIES.flatMap((severity) => config.overrides[severity].map((id) => [id, severity] as const)),
  );
  return {
    trustedRegistries: config.trustedRegistries,
    labelSchema: config.labelSchema,
    strictLabels: config.strictLabels ?? false,
    ignored: new Set(config.ignored),
    severities,
    ignoresPragmas: config.ignoresPragmas ?? false,
  };
}

function threshold(value: unknown, name: string, fault: Fault): Severity | 'none' | undefined {
  if (value === 'none' || value === 'ignore') return 'none';
  const known = SEVERITIES.find((severity) => severity === value);
  if (known === undefined && value !== undefined)
    fault(`${name} must be one of ${SEVERITIES.join(', ')}, ignore, none`, name);
  return known;
}

function formatName(value: unknown, name: string, fault: Fault): FormatName | undefined {
  const known = FORMAT_NAMES.find((format) => format === value);
  if (known === undefined && value !== undefined)
    fault(`${name} must be one of ${FORMAT_NAMES.join(', ')}`, name);
  return known;
}

/** Those that are known; undefined for none. */
function someOf(formats: readonly (FormatName | undefined)[]): readonly FormatName[] | undefined {
  const known = formats.filter((format) => format !== undefined);
  return known.length === 0 ? undefined : known;
}

function entriesOf(value: unknown): readonly [string, unknown][] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : undefined;
}

/** Without the keys that are undefined, so that they do not hide those of an earlier source. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(given).filter(([, value]) => value !== undefined);
  // The same keys with the same values, those that are undefined left out.
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
