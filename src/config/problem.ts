/** One thing wrong with the configuration, told so that whoever reads it can mend it without a manual. */
export interface ConfigProblem {
  /** Where in the file; null when the problem is in the environment or on the command line. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
  /** The key as a path such as `models.small.targets[0].weight`, or the name of an environment variable. */
  readonly key: string;
  /** What is wrong, as a sentence without a full stop. */
  readonly message: string;
  /** What to write instead, as a sentence. */
  readonly fix: string;
}

/** A problem before its path was looked up in the file. */
export interface Finding {
  readonly path: readonly (string | number)[];
  /** Whether the name of the key or its value is at fault. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly fix: string;
}

/** Shows keys as people write them: `models.small.targets[0]`. */
export function pathText(path: readonly (string | number)[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Two lines for each problem: where and what, then the fix. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ place, key, message, fix }) => {
      const where = place === null ? 'environment' : `${place.file}:${place.line}:${place.column}`;
      return `${where}: ${key === '' ? '' : `${key}: `}${message}\n    ${fix}\n`;
    })
    .join('');
}
