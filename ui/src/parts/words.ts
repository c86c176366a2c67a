/** Names or globs, separated by commas or spaces; the list is what the text means. */
export function words(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
