/**
 * Kinds of edits that people make to a project or to the options of its build, by name.
 * Each changes one thing at a place that `at` chooses, or answers undefined where there is nothing to change.
 */

import type { MemoryFile } from '../../../core/context/memory-tree.ts';
import type { BuildOptions } from '../../../core/build/options.ts';
import type { RandomOptions, RandomProject } from './random-project.ts';

export interface Situation {
  readonly project: RandomProject;
  readonly options: RandomOptions;
}

export type EditKind = (situation: Situation, at: number) => Situation | undefined;

export const EDIT_KINDS: Readonly<Record<string, EditKind>> = {
  nothing: (situation) => situation,

  'content of a file': onFile((file) => ({ ...file, content: swapped(file), mtimeNs: 99n })),
  'content with the same time': onFile((file) => ({ ...file, content: swapped(file) })),
  'content of another size': onFile((file) => ({ ...file, content: `${contentOf(file)}+` })),
  'time of a file': onFile((file) => ({ ...file, mtimeNs: (file.mtimeNs ?? 0n) + 7n })),
  'mode of a file': onFile((file) => ({ ...file, mode: file.mode === 0o755 ? 0o600 : 0o755 })),
  'owner of a file': onFile((file) => ({ ...file, uid: 5, gid: 6 })),
  'a file becomes a link': onFile(() => ({ linkTarget: 'a.txt' })),
  'target of a link': onEntry(isLink, (file) => ({
    linkTarget: file.linkTarget === 'a.txt' ? 'b.txt' : 'a.txt',
  })),
  'a link becomes a file': onEntry(isLink, () => ({ content: 'once a link' })),
  'a file is deleted': withFiles((files, at) => without(files, at)),
  'a file is renamed': withFiles((files, at) => {
    const path = chosen(Object.keys(files), at);
    const file = path === undefined ? undefined : files[path];
    return path === undefined || file === undefined
      ? undefined
      : { ...without(files, at), [`${path}.new`]: file };
  }),
  'a new file': withFiles((files, at) => ({
    ...files,
    [chosen(['new.txt', 'src/new.txt', 'docs/new.md'], at) ?? '']: { content: 'new' },
  })),
  'a new empty directory': withFiles((files) => ({ ...files, 'src/empty/': {} })),
  'mode of a directory': withFiles((files, at) => ({
    ...files,
    'src/': { mode: chosen([0o700, 0o755, 0o711], at) ?? 0 },
    'src/sub/': { mode: chosen([0o750, 0o700], at) ?? 0 },
  })),
  'an ignored file': withFiles((files, at) => ({ ...files, '.git/new': { content: String(at) } })),
  'another ignore file': onProject((project, at) => ({
    ...project,
    ignore: chosen(['', '.git\n', 'docs\n', 'src/sub\n', '*.txt\n'], at) ?? '',
  })),
  'one more exception': onProject((project) => ({
    ...project,
    ignore: `${project.ignore}*.md\n!docs/d.md\n`,
  })),
  'a comment in the ignore file': onProject((project) => ({ ...project, ignore: `# c\n${project.ignore}` })),

  'a comment': onProject((project) => ({ ...project, style: 'comments' })),
  'blank lines': onProject((project) => ({ ...project, style: 'blank lines' })),
  'keywords in lower case': onProject((project) => ({ ...project, style: 'lower case' })),
  'line ends': onProject((project) => ({ ...project, style: 'CRLF' })),
  continuations: onProject((project) => ({ ...project, style: 'continued' })),

  'RUN in other words': onLine(/^RUN (?!<<|--)(.*)$/, (line) => `${line} again`),
  'RUN with more blanks': onLine(/^RUN \w+ \w/, (line) => line.replace(/^(RUN \w+) /, '$1   ')),
  'RUN in exec form': onLine(
    /^RUN (?!<<|--)(.*)$/,
    (line) => `RUN ${JSON.stringify(['/bin/sh', '-c', line.slice(4)])}`,
  ),
  'one more RUN': inserting('RUN see something', 'RUN constant m', 'RUN pick /app/b.txt', 'RUN find a.txt'),
  'one RUN less': removing(/^RUN /),
  'ENV with another value': onLine(/^ENV A=/, (line) => `${line}1`),
  'one more ENV': inserting('ENV NEW=1', 'ENV A=new', 'ENV B=1 C=2'),
  'ENV in the old form': onLine(/^ENV (\w+)=(\S+)$/, (line) => line.replace('=', ' ')),
  'ENV in another order': onLine(/^ENV \w+=\S+ \w+=\S+$/, (line) =>
    line.replace(/^ENV (\S+) (\S+)$/, 'ENV $2 $1'),
  ),
  'one ENV less': removing(/^ENV /),
  'ARG with another default': onLine(/^ARG \w+=/, (line) => `${line}9`),
  'one more ARG': inserting('ARG VERSION=3', 'ARG GLOBAL', 'ARG FRESH=1', 'ARG NONE'),
  'one ARG less': removing(/^ARG /),
  'global ARG': onProject((project) => ({ ...project, globalArg: `${project.globalArg}2` })),
  metadata: inserting(
    'LABEL c=d',
    'EXPOSE 81',
    'CMD ["y"]',
    'VOLUME /w',
    'STOPSIGNAL 9',
    'HEALTHCHECK NONE',
    'ONBUILD RUN z',
    'MAINTAINER m',
  ),
  'another user': inserting('USER 1001', 'USER root', 'USER 1000:1000'),
  'another directory': inserting('WORKDIR /app', 'WORKDIR /other', 'WORKDIR deeper'),
  'a directory in other letters': onLine(/^WORKDIR \S*\w$/, (line) => `${line}/.`),
  'another shell': inserting('SHELL ["/bin/sh", "-uc"]', 'SHELL ["/bin/sh", "-c"]'),

  'one more COPY': inserting('COPY a.txt /more/', 'COPY src /more', 'COPY . /all/'),
  'one COPY less': removing(/^(?:COPY|ADD) /),
  'COPY to another place': onLine(/^(?:COPY|ADD) (?!.*<<)/, (line) => `${line}2`),
  'COPY of another spelling': onLine(/^COPY (?!<<|--)/, (line) => line.replace(/^COPY (\w)/, 'COPY ./$1')),
  'COPY with another mode': onFlag('--chmod=640'),
  'COPY with another owner': onFlag('--chown=7:8'),
  'COPY with a link': onFlag('--link'),
  'COPY without some': onFlag('--exclude=*.txt'),
  'COPY with parents': onFlag('--parents'),
  'COPY without flags': onLine(/^COPY (?!--from)--/, (line) => line.replace(/ --\S+/, '')),
  'COPY becomes ADD': onLine(/^COPY (?!--from|<<)/, (line) => line.replace('COPY', 'ADD')),
  'COPY from another stage': onLine(/from=\d/, (line, at) => line.replace(/from=\d/, `from=${at % 4}`)),
  'one more COPY from a stage': inserting(
    'COPY --from=0 /app /from/',
    'COPY --from=1 /constant /from',
    'COPY --from=2 /picked /from',
  ),
  'one more heredoc': inserting('COPY <<EOF /doc\nbody\nEOF', 'RUN <<EOF\nsee doc\nEOF'),
  'body of a heredoc': onLine(/<<EOF/, (line) => line.replace(/\n(.*)\n/, '\n$1 more\n')),
  'delimiter of a heredoc': onLine(/<<EOF/, (line) => line.replaceAll('EOF', 'END')),

  'one more mount': inserting(
    'RUN --mount=type=bind,target=/m see',
    'RUN --mount=type=cache,target=/c see',
    'RUN --mount=type=tmpfs,target=/t see',
    'RUN --mount=type=secret,id=t see',
  ),
  'place of a mount': onLine(/target=\/\w/, (line) => line.replace(/target=(\/\w+)/, 'target=$1x')),
  'source of a mount': onLine(/source=\/?\w/, (line) => line.replace(/source=(\/?\w+)/, 'source=docs')),
  'id of a cache or secret': onLine(/--mount=type=(?:cache|secret),/, (line) =>
    line.replace(/type=(\w+),(?:id=\w+,?)?/, 'type=$1,id=other,').replace(', ', ' '),
  ),

  'two lines in another order': withLines((lines, at) => {
    const from = at % Math.max(1, lines.length - 1);
    const [a, b] = [lines[from], lines[from + 1]];
    if (a === undefined || b === undefined || a === b) return undefined;
    return lines.with(from, b).with(from + 1, a);
  }),
  'one more stage': onProject((project) =>
    project.stages.length > 4
      ? undefined
      : {
          ...project,
          stages: [...project.stages, { from: project.stages.length - 1, lines: ['RUN see stage'] }],
        },
  ),
  'one stage less': onProject((project) =>
    project.stages.length < 2 ? undefined : { ...project, stages: project.stages.slice(0, -1) },
  ),
  'another base of a stage': onProject((project, at) => ({
    ...project,
    stages: project.stages.map((stage, index) =>
      index === at % project.stages.length ? { ...stage, from: (stage.from + 1) % 5 } : stage,
    ),
  })),

  '--build-arg': onOptions((options, at) => ({ ...options, version: chosen(['1', '2', '3'], at) })),
  '--build-arg that no ARG takes': more({ buildArgs: new Map([['NOPE', '1']]) }),
  '--build-arg of a proxy': more({ buildArgs: new Map([['HTTP_PROXY', 'http://p']]) }),
  '--target': onOptions((options, at) => ({ ...options, target: at % 4 })),
  '--no-cache': onOptions((options) => ({ ...options, noCache: true })),
  '--no-cache-filter': onOptions((options, at) => ({ ...options, noCacheFilter: at % 4 })),
  '--add-host': onOptions((options) => ({ ...options, host: options.host === 'h' ? 'i' : 'h' })),
  '--label': more({ labels: new Map([['l', 'm']]) }),
  '--ulimit': more({ ulimits: [{ name: 'nofile', soft: 64, hard: 64 }] }),
  '--shm-size': more({ shmSizeBytes: 1 << 24 }),
  SOURCE_DATE_EPOCH: onOptions((options) => ({ ...options, epoch: options.epoch === 1 ? 2 : 1 })),
  'base with other layers': onOptions((options) => ({
    ...options,
    base: options.base === 'other' ? 'base' : 'other',
  })),
  'base with another config': onOptions((options) => ({
    ...options,
    base: options.base === 'same' ? 'base' : 'same',
  })),
  'base with a trigger': onOptions((options) => ({
    ...options,
    base: options.base === 'onbuild' ? 'base' : 'onbuild',
  })),
};

/** A line for kinds that often find none to change. */
const NEEDED: Readonly<Record<string, string>> = {
  'ENV in another order': 'ENV B=1 A=2',
  'ENV in the old form': 'ENV A=x',
  'ENV with another value': 'ENV A=x',
  'one ENV less': 'ENV A=x',
  'ARG with another default': 'ARG VERSION=1',
  'one ARG less': 'ARG VERSION=1',
  'a directory in other letters': 'WORKDIR /app',
  'RUN in other words': 'RUN see more',
  'RUN with more blanks': 'RUN constant k',
  'RUN in exec form': 'RUN see more',
  'one RUN less': 'RUN see more',
  'COPY of another spelling': 'COPY src /spelled',
  'COPY without flags': 'COPY --chmod=600 a.txt /flagged/',
  'COPY without some': 'COPY . /some/',
  'COPY becomes ADD': 'COPY src /added',
  'COPY from another stage': 'COPY --from=0 /app /again',
  'one COPY less': 'COPY src /less',
  'body of a heredoc': 'COPY <<EOF /doc\nbody\nEOF',
  'delimiter of a heredoc': 'COPY <<EOF /doc\nbody\nEOF',
  'place of a mount': 'RUN --mount=type=bind,source=src,target=/m see',
  'source of a mount': 'RUN --mount=type=bind,source=src,target=/m see',
  'id of a cache or secret': 'RUN --mount=type=secret,id=s see',
};

/** With something that the kind can change, when it needs a line that is not there. */
export function readyFor(kind: string, situation: Situation, at: number): Situation {
  const line = NEEDED[kind];
  if (line === undefined || EDIT_KINDS[kind]?.(situation, at) !== undefined) return situation;
  return inserting(line)(situation, at) ?? situation;
}

type Files = RandomProject['files'];

function onProject(change: (project: RandomProject, at: number) => RandomProject | undefined): EditKind {
  return ({ project, options }, at) => {
    const changed = change(project, at);
    return changed === undefined ? undefined : { project: changed, options };
  };
}

function onOptions(change: (options: RandomOptions, at: number) => RandomOptions): EditKind {
  return ({ project, options }, at) => ({ project, options: change(options, at) });
}

function more(extra: Partial<BuildOptions>): EditKind {
  return onOptions((options) => ({ ...options, more: { ...options.more, ...extra } }));
}

function withFiles(change: (files: Files, at: number) => Files | undefined): EditKind {
  return onProject((project, at) => {
    const files = change(project.files, at);
    return files === undefined ? undefined : { ...project, files };
  });
}

function onFile(change: (file: MemoryFile) => MemoryFile): EditKind {
  return onEntry((path, file) => !isLink(path, file) && !path.endsWith('/'), change);
}

function onEntry(
  fits: (path: string, file: MemoryFile) => boolean,
  change: (file: MemoryFile) => MemoryFile,
): EditKind {
  return withFiles((files, at) => {
    const entry = chosen(
      Object.entries(files).filter(([path, file]) => fits(path, file)),
      at,
    );
    return entry === undefined ? undefined : { ...files, [entry[0]]: change(entry[1]) };
  });
}

function isLink(_path: string, file: MemoryFile): boolean {
  return file.linkTarget !== undefined;
}

function without(files: Files, at: number): Files {
  const gone = chosen(Object.keys(files), at);
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== gone));
}

/** Another content of the same length. */
function swapped(file: MemoryFile): string {
  return Array.from(contentOf(file), (letter) => (letter === 'x' ? 'y' : 'x')).join('');
}

function contentOf(file: MemoryFile): string {
  return typeof file.content === 'string' ? file.content : '';
}

function withLines(
  change: (lines: readonly string[], at: number) => readonly string[] | undefined,
): EditKind {
  return onProject((project, at) => {
    const index = at % project.stages.length;
    const stage = project.stages[index];
    const lines = stage === undefined ? undefined : change(stage.lines, at);
    if (stage === undefined || lines === undefined) return undefined;
    return { ...project, stages: project.stages.with(index, { ...stage, lines }) };
  });
}

/** One of all lines that fit. */
function onLine(fits: RegExp, change: (line: string, at: number) => string): EditKind {
  return onProject((project, at) => {
    const places = project.stages.flatMap(({ lines }, stage) =>
      lines.flatMap((line, index) => (fits.test(line) ? [{ stage, index, line }] : [])),
    );
    const place = chosen(places, at);
    const stage = place === undefined ? undefined : project.stages[place.stage];
    if (place === undefined || stage === undefined) return undefined;
    const line = change(place.line, at);
    if (line === place.line) return undefined;
    return {
      ...project,
      stages: project.stages.with(place.stage, { ...stage, lines: stage.lines.with(place.index, line) }),
    };
  });
}

function onFlag(flag: string): EditKind {
  return onLine(/^COPY (?!.*<<)/, (line) =>
    line.includes(flag) ? line : line.replace('COPY', `COPY ${flag}`),
  );
}

function inserting(...texts: readonly string[]): EditKind {
  return withLines((lines, at) => lines.toSpliced(at % (lines.length + 1), 0, chosen(texts, at) ?? ''));
}

function removing(fits: RegExp): EditKind {
  return withLines((lines, at) => {
    const places = lines.flatMap((line, index) => (fits.test(line) ? [index] : []));
    const place = chosen(places, at);
    return place === undefined ? undefined : lines.toSpliced(place, 1);
  });
}

function chosen<T>(all: readonly T[], at: number): T | undefined {
  return all[at % Math.max(1, all.length)];
}
