/** How the demo writes: a heading per act, the output of commands indented. */

export function heading(text: string): void {
  console.log(`\n── ${text}`);
}

export function say(text: string): void {
  const body = text.trimEnd();
  if (body !== '') console.log(body.replace(/^/gm, '   '));
}
