/** Options of the command line, and other images behind the name of the base, for the portable project. */

import type { BuildOptions } from '../../core/build/options.ts';
import type { OracleEdit } from './oracle-edit.ts';
import { ALL, FINAL, inserted, RUNS_AND_AFTER, text } from './portable-project.ts';

const FINAL_RUNS = ['final.run', 'final.run2'];

function args(name: string, value: string): Partial<BuildOptions> {
  return { buildArgs: new Map([[name, value]]) };
}

export const OPTION_EDITS: readonly OracleEdit[] = [
  { name: '--build-arg VERSION=2', options: args('VERSION', '2'), buildkit: ['deps.run'] },
  { name: '--build-arg VERSION=1, its default', options: args('VERSION', '1'), buildkit: [] },
  { name: '--build-arg UNUSED', options: args('UNUSED', 'y'), buildkit: ['build.run', 'build.copyall'] },
  { name: '--build-arg that is not declared', options: args('NOPE', '1'), buildkit: [] },
  { name: '--build-arg HTTP_PROXY', options: args('HTTP_PROXY', 'http://p'), buildkit: [] },
  { name: '--build-arg of a global ARG', options: args('GLOBAL', 'g2'), buildkit: FINAL_RUNS },
  {
    name: '--build-arg SOURCE_DATE_EPOCH',
    options: { ...args('SOURCE_DATE_EPOCH', '1'), sourceDateEpoch: 1 },
    buildkit: ALL,
  },
  {
    name: '--build-arg HTTP_PROXY with an ARG',
    before: inserted('ARG HTTP_PROXY'),
    dockerfile: inserted('ARG HTTP_PROXY'),
    options: args('HTTP_PROXY', 'http://p'),
    buildkit: FINAL_RUNS,
  },
  { name: '--target', options: { target: 'build' }, buildkit: [] },
  { name: '--no-cache', options: { noCache: true }, buildkit: ALL.slice(1) },
  { name: '--label', options: { labels: new Map([['x', 'y']]) }, buildkit: [] },
  {
    name: '--platform of the machine',
    options: { platform: { os: 'linux', architecture: 'amd64' } },
    buildkit: [],
  },
  {
    name: '--add-host',
    options: { extraHosts: [{ name: 'h', address: '1.2.3.4' }] },
    buildkit: RUNS_AND_AFTER,
  },
  { name: '--network', options: { network: 'host' }, buildkit: RUNS_AND_AFTER },
  { name: '--shm-size', options: { shmSizeBytes: 1 << 27 }, buildkit: RUNS_AND_AFTER },
  {
    name: '--ulimit',
    options: { ulimits: [{ name: 'nofile', soft: 100, hard: 100 }] },
    buildkit: RUNS_AND_AFTER,
  },
  { name: 'base with other layers', base: 'other', buildkit: ALL },
  { name: 'base by another name', dockerfile: text('FROM base AS base', 'FROM again AS base'), buildkit: [] },
  { name: 'base with another ENV', base: 'same', buildkit: RUNS_AND_AFTER, measuredWith: '20.10.24' },
  { name: 'base with another LABEL', base: 'labelled', buildkit: [], measuredWith: '20.10.24' },
  { name: 'base with a trigger', base: 'trigger', buildkit: ALL, measuredWith: '20.10.24' },
  { name: '--no-cache-filter final', options: { noCacheFilter: ['final'] }, buildkit: FINAL },
  {
    name: '--no-cache-filter deps',
    options: { noCacheFilter: ['deps'] },
    buildkit: ['deps.copy', 'deps.run'],
  },
];
