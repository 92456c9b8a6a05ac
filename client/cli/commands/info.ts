/** `naru info` and `naru version`: what the engine is. */

import type { Command } from 'commander';

import { NARU_VERSION } from '../../../core/version.ts';
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
        io.stdout.write(print?.(info.raw) ?? formatTable(['WHAT', 'VALUE'], infoRows(info)));
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
        const versions = { Client: { Version: NARU_VERSION }, Server: await engineVersion(engine) };
        io.stdout.write(
          print?.(versions) ??
            `client ${NARU_VERSION}\nengine ${engine.engineVersion} (${engine.kind}, API ${engine.apiVersion}, ${engine.arch})\n`,
        );
      });
    });
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
