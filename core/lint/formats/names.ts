/** What `--format` and the configuration may name; apart from the formatters, so that who reads a configuration need not load them. */

export const FORMAT_NAMES = [
  'tty',
  'json',
  'sarif',
  'checkstyle',
  'codacy',
  'codeclimate',
  'gitlab_codeclimate',
  'gnu',
  'junit',
  'sonarqube',
  'github',
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];
