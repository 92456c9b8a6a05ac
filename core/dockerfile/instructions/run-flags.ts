/**
 * The flags of RUN, with the keys of `--mount` and their values; for checks, hover and completion.
 */

import type { FlagKeySpec, FlagSpec, ValueSpec } from './spec.ts';

const TRUE_FALSE: readonly ValueSpec[] = [
  { value: 'true', summary: 'Yes.' },
  { value: 'false', summary: 'No.' },
];

export const MOUNT_TYPES: readonly ValueSpec[] = [
  {
    value: 'bind',
    summary: 'Files of the context, a stage or an image; changes are thrown away. The default.',
  },
  {
    value: 'cache',
    summary: 'A directory that later builds find again, for package managers and compilers.',
  },
  { value: 'tmpfs', summary: 'An empty directory in memory.' },
  {
    value: 'secret',
    summary: 'A file or variable given with `docker build --secret`; it never gets into the image.',
  },
  { value: 'ssh', summary: 'The SSH agent given with `docker build --ssh`.' },
];

export const SHARING_MODES: readonly ValueSpec[] = [
  { value: 'shared', summary: 'Builds use the cache at the same time. The default.' },
  { value: 'private', summary: 'A build that finds it in use gets another one.' },
  { value: 'locked', summary: 'A build waits until it is free.' },
];

const MOUNT_KEYS: readonly FlagKeySpec[] = [
  { name: 'type', summary: 'What is mounted.', values: MOUNT_TYPES },
  {
    name: 'from',
    summary:
      'The stage, named context or image it comes from; without it the build context. Variables are not allowed.',
    types: ['bind', 'cache'],
  },
  {
    name: 'source',
    aliases: ['src'],
    summary: 'Path in the context, stage or image; for a secret the same as `id`.',
    types: ['bind', 'cache', 'secret'],
  },
  { name: 'target', aliases: ['dst', 'destination'], summary: 'Where it appears in the step.' },
  {
    name: 'readonly',
    aliases: ['ro'],
    summary: 'Mount it read-only; the default for bind.',
    values: TRUE_FALSE,
    types: ['bind', 'cache'],
  },
  {
    name: 'readwrite',
    aliases: ['rw'],
    summary: 'Allow writing. What is written to a bind mount is thrown away.',
    values: TRUE_FALSE,
    types: ['bind', 'cache'],
  },
  {
    name: 'id',
    summary: 'Which cache, secret or agent; for a cache the target is the default.',
    types: ['cache', 'secret', 'ssh'],
  },
  {
    name: 'sharing',
    summary: 'What happens when two builds want the cache.',
    values: SHARING_MODES,
    types: ['cache'],
  },
  {
    name: 'required',
    summary: 'Fail if the secret or agent is not given; otherwise it is left out.',
    values: TRUE_FALSE,
    types: ['secret', 'ssh'],
  },
  { name: 'size', summary: 'Upper limit, such as `64m`.', types: ['tmpfs'] },
  { name: 'mode', summary: 'Octal mode of the file or directory.', types: ['cache', 'secret', 'ssh'] },
  { name: 'uid', summary: 'Owner, a number.', types: ['cache', 'secret', 'ssh'] },
  { name: 'gid', summary: 'Group, a number.', types: ['cache', 'secret', 'ssh'] },
  { name: 'env', summary: 'Give the secret as this environment variable.', types: ['secret'] },
];

export const NETWORK_MODES: readonly ValueSpec[] = [
  { value: 'default', summary: 'The network of the build.' },
  { value: 'none', summary: 'No network but loopback.' },
  { value: 'host', summary: "The builder's own network; the build must allow `network.host`." },
];

export const SECURITY_MODES: readonly ValueSpec[] = [
  { value: 'sandbox', summary: 'The usual limits.' },
  { value: 'insecure', summary: 'No limits; the build must allow `security.insecure`.' },
];

export const RUN_FLAGS: readonly FlagSpec[] = [
  {
    name: 'mount',
    kind: 'list',
    summary: 'Make files, a cache, a secret or an SSH agent visible to this step only. May be repeated.',
    keys: MOUNT_KEYS,
  },
  { name: 'network', kind: 'string', summary: 'The network this step sees.', values: NETWORK_MODES },
  { name: 'security', kind: 'string', summary: 'The privileges of this step.', values: SECURITY_MODES },
  {
    name: 'device',
    kind: 'list',
    summary: 'A CDI device for this step, such as `vendor.com/gpu=all`.',
    keys: [
      { name: 'name', summary: 'Name of the device.' },
      { name: 'required', summary: 'Fail if there is no such device.', values: TRUE_FALSE },
    ],
  },
];
