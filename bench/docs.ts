const BEGIN = '<!-- bench:begin (written by `npm run bench -- --write-docs`) -->';
const END = '<!-- bench:end -->';

/** Puts the tables between the markers of a page and leaves the rest as it is; throws when a marker is missing. */
export function withTables(page: string, tables: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page needs a line "${BEGIN}" and after it a line "${END}"`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${page.slice(end)}`;
}
