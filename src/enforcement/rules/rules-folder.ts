import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type RuleDocument, RULES_MAX } from './contract.ts';
import { parseRuleFile } from './rule-file.ts';
import type { FileProblem, Rules } from './rules.ts';

const FILE_BYTES_MAX = 262_144;
const NAMES = /^[^.].*\.(?:ya?ml|json)$/;

/** A folder of rule files that somebody keeps, in version control say. What is taken out of it stays in force. */
export interface RulesFolder {
  /** To be called again and again: takes in what changed since. Rejects with what the disk says. */
  look(): Promise<void>;
  /** As of the last look. */
  problems(): readonly FileProblem[];
}

export function createRulesFolder(folder: string, rules: Pick<Rules, 'take'>): RulesFolder {
  let problems: readonly FileProblem[] = [];
  let seen = '';
  return {
    problems: () => problems,
    async look() {
      const names = (await readdir(folder)).filter((name) => NAMES.test(name)).sort();
      const files = await Promise.all(names.slice(0, RULES_MAX).map((name) => readOne(folder, name)));
      const hash = createHash('sha256').update(JSON.stringify([names, files.map(({ print }) => print)]));
      const now = hash.digest('hex');
      if (now === seen) return;
      const found: FileProblem[] = files.flatMap(({ file, problem }) => (problem === null ? [] : [{ file, problem }]));
      if (names.length > RULES_MAX) found.push({ file: folder, problem: `holds more than ${RULES_MAX} files` });
      const documents = files.flatMap(({ document }) => (document === null ? [] : [document]));
      problems = [...found, ...(await rules.take(documents, 'file'))];
      seen = now;
    },
  };
}

interface ReadRule {
  readonly file: string;
  readonly document: RuleDocument | null;
  readonly problem: string | null;
  /** Changes when the file does. */
  readonly print: string;
}

async function readOne(folder: string, file: string): Promise<ReadRule> {
  const path = join(folder, file);
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) {
      return { file, document: null, problem: `is larger than ${FILE_BYTES_MAX} bytes`, print: String(size) };
    }
    const bytes = await readFile(path);
    const print = createHash('sha256').update(bytes).digest('hex');
    const parsed = parseRuleFile(bytes, file);
    return parsed.ok
      ? { file, document: parsed.value, problem: null, print }
      : { file, document: null, problem: parsed.refusal, print };
  } catch {
    return { file, document: null, problem: 'cannot be read', print: 'unreadable' };
  }
}
