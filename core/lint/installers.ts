/** Commands that install what a manifest of the project names: the dependencies worth a layer of their own. */

import { subcommand, wordsOf } from './shell/arguments.ts';
import type { ShellCommand } from './shell/script.ts';

/** The manifest a command reads, for a message; undefined for other commands. */
export function manifestOf(command: ShellCommand): string | undefined {
  const { program: name } = command;
  const words = wordsOf(command);
  const verb = subcommand(command);
  if (name === 'npm' || name === 'pnpm') return isBareInstall(words, verb) ? 'package.json' : undefined;
  if (name === 'yarn') return verb === undefined || verb === 'install' ? yarnManifest(words) : undefined;
  if (/^pip[\d.]*$/.test(name)) return verb === 'install' ? requirements(words) : undefined;
  if (/^python[\d.]*$/.test(name)) {
    return words[0] === '-m' && words[1] === 'pip' && words[2] === 'install'
      ? requirements(words)
      : undefined;
  }
  const known = MANIFESTS.get(`${name} ${verb}`);
  if (known !== undefined) return known;
  return name === 'go' && verb === 'mod' && words[1] === 'download' ? 'go.mod' : undefined;
}

const MANIFESTS: ReadonlyMap<string, string> = new Map([
  ['bun install', 'package.json'],
  ['bundle install', 'Gemfile'],
  ['cargo fetch', 'Cargo.toml'],
  ['composer install', 'composer.json'],
  ['dotnet restore', 'the project files'],
  ['mix deps.get', 'mix.exs'],
  ['mvn dependency:go-offline', 'pom.xml'],
  ['mvn dependency:resolve', 'pom.xml'],
  ['pipenv install', 'Pipfile'],
  ['pipenv sync', 'Pipfile.lock'],
  ['poetry install', 'pyproject.toml'],
  ['uv sync', 'pyproject.toml'],
]);

function isBareInstall(words: readonly string[], verb: string | undefined): boolean {
  if (words.some((word) => /^(?:-g|--global)$/.test(word))) return false;
  if (verb === 'ci') return true;
  return (verb === 'install' || verb === 'i') && words.filter((word) => !word.startsWith('-')).length === 1;
}

function yarnManifest(words: readonly string[]): string | undefined {
  return words.some((word) => /^(?:--version|-v|--help)$/.test(word)) ? undefined : 'package.json';
}

/** The file behind -r. */
function requirements(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^(?:-r|--requirement)$/.test(word));
  if (at >= 0) return words[at + 1];
  return words.find((word) => /^(?:-r.|--requirement=)/.test(word))?.replace(/^(?:-r|--requirement=)/, '');
}
