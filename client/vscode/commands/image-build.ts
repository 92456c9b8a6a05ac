/** Builds an image from a Dockerfile: output in a terminal, progress with a cancel button, errors underlined in the file. */

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';
import { buildSettingsOf } from '../build/document-build.ts';
import { imageTag } from '../build/image-tag.ts';
import { BuildOutput } from '../terminals/build-output.ts';
import { openStreamTerminal, type WriteOutput } from '../terminals/stream-terminal.ts';
import { chooseDockerfile, dockerfileArgument } from '../ui/choose-dockerfile.ts';
import type { Command } from './command.ts';

export const imageBuild: Command = {
  id: 'naru.image.build',
  async run(parts, argument) {
    const given = dockerfileArgument(argument);
    const document = await chooseDockerfile(given);
    if (document === undefined) return;
    const settings = buildSettingsOf(document);
    const engine = await parts.session.engine();
    const tag = settings.tag ?? imageTag(settings.contextDirectory);
    const target = given.target ?? settings.target;
    const build = {
      dockerfile: document.uri.fsPath,
      contextDirectory: settings.contextDirectory,
      text: document.getText(),
      tag,
      buildArgs: settings.buildArgs,
      ...(settings.buildContexts === undefined ? {} : { buildContexts: settings.buildContexts }),
      ...(target === undefined ? {} : { target }),
    };
    parts.problems.clear(document);
    const image = await withProgress(vscode.l10n.t('Building {0}', tag), async (signal, report, write) => {
      const output = new BuildOutput(write, report);
      for await (const event of engine.build(build, signal)) output.show(event);
      return output.image;
    }).catch((error: unknown) => {
      parts.problems.show(document, error);
      throw error;
    });
    parts.preview.refresh();
    parts.tree.refresh();
    if (image !== undefined) await offerRun(tag);
  },
};

/** Cancelled by the button of the notification and by closing the terminal. */
async function withProgress(
  title: string,
  build: (
    signal: AbortSignal,
    report: (step: string) => void,
    write: WriteOutput,
  ) => Promise<string | undefined>,
): Promise<string | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    return new Promise<string | undefined>((resolve, reject) => {
      openStreamTerminal(title, 'package', async (write, closed) => {
        const cancelled = new AbortController();
        token.onCancellationRequested(() => cancelled.abort());
        const signal = AbortSignal.any([closed, cancelled.signal]);
        try {
          resolve(await build(signal, (message) => progress.report({ message }), write));
        } catch (error) {
          if (signal.aborted) write(`${vscode.l10n.t('Cancelled')}\n`);
          else write(`\u001b[31m${error instanceof Error ? error.message : String(error)}\u001b[0m\n`);
          reject(
            signal.aborted ? new NaruError('cancelled', 'E_CANCELLED', 'the build was cancelled') : error,
          );
        }
      });
    });
  });
}

async function offerRun(tag: string): Promise<void> {
  const run = vscode.l10n.t('Run');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Built {0}', tag), run);
  if (answer === run) await vscode.commands.executeCommand('naru.image.run', tag);
}
