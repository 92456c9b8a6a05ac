/** `naru info` and `naru version`: what the engine is. */

import type { Command } from 'commander';

import { API_VERSION, NARU_VERSION } from '../../../core/version.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { type EngineInfo, engineInfo, engineVersion } from '../../driver/engine/system.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { formatTable } from '../table.ts';
import { compileTemplate } from '../template/template.ts';
import { toJson } from '../template/value.ts';
import { formatBytes } from '../units.ts';

const FORMAT = ['-f, --format <template>', "json, or a template such as '{{.ServerVersion}}'"] as const;

export function addInfoCommand(program: Command, io: CliIo): void {
  const command = program
    .command('info')
    .description('show what the engine is and holds')
    .option(...FORMAT)
    .action((flags: { format?: string }) => {
      const print = printer(flags.format);
      return withEngine(command, io, async (engine) => {
        const info = await engineInfo(engine);
        const all = { ...info.raw, ClientInfo: clientInfo(engine) };
        io.stdout.write(print?.(all) ?? formatTable(['WHAT', 'VALUE'], infoRows(info)));
      });
    });
}

export function addVersionCommand(program: Command, io: CliIo): void {
  const command = program
    .command('version')
    .description('show the versions of client and engine')
    .option('-f, --format <template>', "json, or a template such as '{{.Server.Version}}'")
    .action((flags: { format?: string }) => {
      const print = printer(flags.format);
      return withEngine(command, io, async (engine) => {
        const server = { Experimental: false, ...(await engineVersion(engine)) };
        const versions = { Client: clientVersion(engine), Server: server };
        io.stdout.write(
          print?.(versions) ??
            `client ${NARU_VERSION}\nengine ${engine.engineVersion} (${engine.kind}, API ${engine.apiVersion}, ${engine.arch})\n`,
        );
      });
    });
}

/** With the names of docker's CLI, so that its templates work; what Go has there, Node has here. */
function clientVersion({ apiVersion }: EngineConnection): Readonly<Record<string, unknown>> {
  return {
    Version: NARU_VERSION,
    ApiVersion: apiVersion,
    DefaultAPIVersion: API_VERSION,
    GitCommit: '',
    GoVersion: `node ${process.version}`,
    Os: process.platform === 'win32' ? 'windows' : process.platform,
    Arch: process.arch === 'x64' ? 'amd64' : process.arch,
    BuildTime: '',
    Context: 'default',
  };
}

function clientInfo(engine: EngineConnection): Readonly<Record<string, unknown>> {
  return { Debug: false, ...clientVersion(engine), Plugins: [], Warnings: null };
}

/** Undefined without a format. @throws NaruError "invalid-argument" */
function printer(format: string | undefined): ((data: unknown) => string) | undefined {
  if (format === undefined || format === '') return undefined;
  const template = format === 'json' ? toJson : compileTemplate(format);
  return (data) => `${template(data)}\n`;
}

function infoRows(info: EngineInfo): readonly (readonly string[])[] {
  return [
    ['client', NARU_VERSION],
    ['engine', info.serverVersion],
    ['host', info.name],
    ['operating system', info.operatingSystem],
    ['kernel', info.kernelVersion],
    ['architecture', info.arch],
    ['CPUs', String(info.nCpus)],
    ['memory', formatBytes(info.memoryBytes)],
    ['containers', `${info.nContainers}, ${info.nRunning} running`],
    ['images', String(info.nImages)],
    ['root directory', info.rootDirectory],
    ...info.warnings.map((warning) => ['warning', warning]),
  ];
}
