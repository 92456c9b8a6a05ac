/** COPY and ADD: sources and destination evaluated, remote sources as vertices of their own, `--link` as copy and merge. Follows BuildKit's dispatchCopy. */

import { chmodFault } from '../context/chmod.ts';
import type { CopyInstruction, Word } from '../dockerfile/types.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';

import { type AddressFault, readRemoteSource, type RemoteSource } from './remote-source.ts';
import type { CopyOp, CopySource, SourceRef } from './ops.ts';
import { fileEpoch } from './options.ts';
import { mainContext, sourceFor } from './sources.ts';
import type { StageState } from './planner.ts';
import {
  addHistory,
  addStep,
  currentDirectory,
  expandBody,
  expandText,
  isEmpty,
  report,
} from './stage-state.ts';
import { resolvePath } from './unix-path.ts';

/** Adds the vertices of a COPY or ADD; one that cannot be evaluated is reported and adds none. */
export async function lowerCopy(state: StageState, copy: CopyInstruction): Promise<void> {
  if (copy.destination === undefined) return;
  const from = await copySource(state, copy);
  if (from === undefined) return;
  const written = expandText(state, copy.destination.text, copy.destination.span);
  const destination = absolutePath(state, written);
  const chown = flagText(state, copy, 'chown');
  const chmod = flagText(state, copy, 'chmod');
  checkChmod(state, copy, chmod);
  const sources = copy.sources.flatMap((word) => lowerSource(state, copy, word));
  if (copy.flags.some((flag) => flag.name === 'checksum') && sources.some(({ kind }) => kind !== 'vertex')) {
    report(state, 'E_CHECKSUM', 'checksum requires HTTP(S) or Git sources', copy.span);
  }
  const sourceDateEpoch = fileEpoch(state.planner.options);
  const isLink = isSet(copy, 'link');
  checkChown(state, copy, chown, isLink);
  const op: CopyOp = {
    kind: 'copy',
    instruction: copy.name,
    from,
    sources,
    destination: destination.replace(/(?<=.)\/$/, ''),
    isDestinationDirectory: destination.endsWith('/'),
    ...(chown === undefined || chown === '' ? {} : { chown }),
    ...(chmod === undefined || chmod === '' ? {} : { chmod }),
    excludes: copy.flags
      .filter((flag) => flag.name === 'exclude')
      // Docker: variables are not expanded here.
      .map((flag) => flag.value ?? ''),
    keepsParents: isSet(copy, 'parents'),
    isLink,
    unpacks: unpacks(copy, sources),
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
  };
  const historyIndex = addHistory(state, historyText(op, [...sourceTexts(state, copy), written]), true);
  if (!isLink) {
    addStep(state, copy, op, { historyIndex, isForced: true });
    return;
  }
  const layer = addStep(state, copy, op, { isImplicit: true, isRootless: true, isForced: true });
  addStep(state, copy, { kind: 'merge', layer }, { historyIndex });
}

/** Docker: names but root's are looked up in the files below the copy, of which a linked copy and the first one of an empty stage have none (28.5.2, measured). */
function checkChown(
  state: StageState,
  copy: CopyInstruction,
  chown: string | undefined,
  isLink: boolean,
): void {
  if (chown === undefined || /^(?:root|\d*)(?::(?:root|\d*))?$/.test(chown) || !(isLink || isEmpty(state)))
    return;
  const hint = isLink
    ? 'with --link the owner is given in numbers'
    : 'the stage is empty, so that it has no users yet: give the owner in numbers';
  report(state, 'E_CHOWN', 'invalid user index: -1', copy.span, hint);
}

function checkChmod(state: StageState, copy: CopyInstruction, chmod: string | undefined): void {
  if (chmod === undefined || chmod === '') return;
  const fault = chmodFault(chmod);
  if (fault === undefined) return;
  const hint = `--chmod=${chmod} is neither octal, as 644, nor symbolic, as u=rw,go=r`;
  report(state, 'E_CHMOD', fault, copy.span, fault.includes(`'${chmod}'`) ? undefined : hint);
}

/** Absolute, clean; a slash at the end is kept, and `.` and what a variable left empty get one. */
function absolutePath(state: StageState, path: string): string {
  const resolved = resolvePath(currentDirectory(state), path);
  const isDirectory =
    resolved === '/' || path === '' || path === '.' || path.endsWith('/') || path.endsWith('/.');
  return isDirectory && resolved !== '/' ? `${resolved}/` : resolved;
}

async function copySource(state: StageState, copy: CopyInstruction): Promise<SourceRef | undefined> {
  const flag = copy.flags.find((candidate) => candidate.name === 'from');
  if (flag?.value === undefined || flag.value === '') return mainContext(state, copy);
  return sourceFor(state, copy, flag.value, { span: flag.valueSpan ?? flag.span, takesNumbers: true });
}

function lowerSource(state: StageState, copy: CopyInstruction, word: Word): readonly CopySource[] {
  const heredoc = copy.heredocs.find((candidate) => isHeredocWord(word, candidate.name));
  if (heredoc !== undefined) {
    const content = heredoc.isExpanded ? expandBody(state, heredoc.body, heredoc.bodySpan) : heredoc.body;
    return [{ kind: 'inline', file: { name: heredoc.name, content } }];
  }
  const text = expandText(state, word.text, word.span);
  const remote = readRemoteSource(text);
  if (remote === undefined) return [{ kind: 'path', path: text }];
  if (copy.name === 'COPY') {
    const what = remote.kind === 'http' ? 'a URL' : 'a git ref';
    report(state, 'E_COPY_REMOTE', `source can't be ${what} for COPY`, word.span, 'use ADD');
    return [];
  }
  const source = addRemote(state, copy, remote, word);
  return source === undefined ? [] : [source];
}

function addRemote(
  state: StageState,
  copy: CopyInstruction,
  remote: RemoteSource | AddressFault,
  word: Word,
): CopySource | undefined {
  if (remote.kind === 'fault') {
    report(state, 'E_ADDRESS', remote.message, word.span);
    return undefined;
  }
  const checksum = flagText(state, copy, 'checksum');
  const hidden = { isImplicit: true, isRootless: true, isForced: true };
  if (remote.kind === 'http') {
    const digest = checksum === undefined ? undefined : readDigest(state, checksum, word);
    const { url, fileName } = remote;
    const op = {
      kind: 'http',
      url,
      fileName,
      ...(digest === undefined ? {} : { checksum: digest }),
    } as const;
    return { kind: 'vertex', vertex: addStep(state, copy, op, hidden), path: fileName };
  }
  if (checksum !== undefined && !/^[0-9a-f]+$/i.test(checksum)) {
    const message = `invalid checksum ${checksum} for Git URL, expected hex commit hash`;
    report(state, 'E_CHECKSUM', message, word.span);
  }
  const keepsGitDirectory = isSet(copy, 'keep-git-dir') || remote.keepsGitDirectory === true;
  const op = {
    ...remote,
    keepsGitDirectory,
    ...(checksum === undefined ? {} : { checksum }),
  };
  return { kind: 'vertex', vertex: addStep(state, copy, op, hidden), path: '' };
}

function readDigest(state: StageState, text: string, word: Word): Digest | undefined {
  try {
    return parseDigest(text);
  } catch {
    const what = /^[a-z0-9]+:[0-9a-f]*$/.test(text) ? 'length' : 'format';
    report(state, 'E_CHECKSUM', `invalid checksum digest ${what}`, word.span, 'write sha256:…');
    return undefined;
  }
}

/** Local archives of ADD are unpacked; downloads only when `--unpack` asks for it. */
function unpacks(copy: CopyInstruction, sources: readonly CopySource[]): boolean {
  const flag = copy.flags.find((candidate) => candidate.name === 'unpack');
  if (flag !== undefined) return isSet(copy, 'unpack');
  return copy.name === 'ADD' && sources.some((source) => source.kind === 'path');
}

/** Docker: heredocs come last. */
function sourceTexts(state: StageState, copy: CopyInstruction): readonly string[] {
  const paths: string[] = [];
  const heredocs: string[] = [];
  for (const word of copy.sources) {
    const heredoc = copy.heredocs.find((candidate) => isHeredocWord(word, candidate.name));
    if (heredoc === undefined) paths.push(expandText(state, word.text, word.span));
    else heredocs.push(`<<${heredoc.name}`);
  }
  return [...paths, ...heredocs];
}

function historyText(op: CopyOp, paths: readonly string[]): string {
  const parts: string[] = [op.instruction];
  if (op.keepsParents) parts.push('--parents');
  if (op.chown !== undefined) parts.push(`--chown=${op.chown}`);
  if (op.chmod !== undefined) parts.push(`--chmod=${op.chmod}`);
  return [...parts, ...paths, '# buildkit'].join(' ');
}

function isHeredocWord(word: Word, name: string): boolean {
  return new RegExp(`^\\d*<<-?${escapeRegExp(name)}$`).test(word.text.replaceAll(/["']/g, ''));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function flagText(state: StageState, copy: CopyInstruction, name: string): string | undefined {
  const flag = copy.flags.find((candidate) => candidate.name === name);
  return flag?.value === undefined ? undefined : expandText(state, flag.value, flag.valueSpan ?? flag.span);
}

function isSet(copy: CopyInstruction, name: string): boolean {
  const flag = copy.flags.find((candidate) => candidate.name === name);
  return flag !== undefined && (flag.value === undefined || flag.value.toLowerCase() === 'true');
}
