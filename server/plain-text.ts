/** Markdown as our hovers write it, for editors that show text alone. */

/** Code as it is, links with their address, no marks. */
export function plainText(markdown: string): string {
  const blocks = markdown.split(/^```\w*\n([^]*?)\n```$/m);
  // Every second one is code.
  return blocks.map((block, nth) => (nth % 2 === 1 ? block : plainProse(block))).join('');
}

function plainProse(text: string): string {
  return text
    .replaceAll(/^---$/gm, '')
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1: $2')
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll(/`` (.+?) ``|`([^`]+)`/g, '$1$2')
    .replaceAll(/\n{3,}/g, '\n\n');
}
