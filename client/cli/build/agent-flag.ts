/** How `--ssh` is written. */

/** The parts of one `--ssh`; without a path it is the user's agent. */
export function readAgentFlag(text: string): { readonly id: string; readonly paths: readonly string[] } {
  const equals = text.indexOf('=');
  const id = equals < 0 ? text : text.slice(0, equals);
  const paths = equals < 0 ? [] : text.slice(equals + 1).split(',');
  return { id: id === '' ? 'default' : id, paths: paths.filter((path) => path !== '') };
}
