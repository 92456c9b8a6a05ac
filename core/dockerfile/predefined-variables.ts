/** Variables that exist without being declared in the file: those of the platform and of the network proxy. */

/** A predefined variable. `scope` "global" ones can be used in FROM and must be redeclared by ARG to be seen inside a stage. */
export interface PredefinedVariable {
  readonly name: string;
  readonly text: string;
  readonly scope: 'global' | 'run';
}

/** True for names whose values come from Docker, or mean something to it: under another name they would not. */
export function isGivenByDocker(name: string): boolean {
  if (name.startsWith('BUILDKIT_') || FURTHER_NAMES.includes(name)) return true;
  return predefinedVariables.some(
    (known) => known.name === (known.scope === 'run' ? name.toUpperCase() : name),
  );
}

/** Of containers, and of builds that are the same every time. */
const FURTHER_NAMES: readonly string[] = ['HOME', 'HOSTNAME', 'PATH', 'SOURCE_DATE_EPOCH', 'TERM'];

export const predefinedVariables: readonly PredefinedVariable[] = [
  {
    name: 'TARGETPLATFORM',
    text: 'Platform the image is built for, such as `linux/arm64`.',
    scope: 'global',
  },
  { name: 'TARGETOS', text: 'Operating system of the platform the image is built for.', scope: 'global' },
  { name: 'TARGETARCH', text: 'Architecture of the platform the image is built for.', scope: 'global' },
  {
    name: 'TARGETVARIANT',
    text: 'Variant of that architecture, such as `v7`. Often empty.',
    scope: 'global',
  },
  { name: 'TARGETSTAGE', text: 'Name of the stage that is built.', scope: 'global' },
  { name: 'BUILDPLATFORM', text: 'Platform of the machine that builds.', scope: 'global' },
  { name: 'BUILDOS', text: 'Operating system of the machine that builds.', scope: 'global' },
  { name: 'BUILDARCH', text: 'Architecture of the machine that builds.', scope: 'global' },
  { name: 'BUILDVARIANT', text: 'Variant of that architecture.', scope: 'global' },
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].map((name) => ({
    name,
    text: 'Proxy setting; may be passed as a build argument without being declared. Not part of the cache key, not kept in the image.',
    scope: 'run' as const,
  })),
];
