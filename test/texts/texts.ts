import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { LANGUAGES, type Texts } from '../../console/locales/define-texts.ts';

/** Texts stand beside what shows them, or with the languages where many show them. */
const TEXTS_FILE = /-texts\.ts$|^locales\/[^/]+\.ts$/;
/** Words of Chinese that are written in Latin letters: names, units and codes. */
const LATIN =
  /\b(Candor|API|ID|Id|CSV|Parquet|JSON|HTTP|URL|OpenAPI|OpenAI|ICU|SSE|IP|UTC|USD|CIDR|Slack|Webhook|webhook|Stripe|Markdown|Token|token|TTFT|P50|P90|P99|p50|p90|p99|RPM|TPM|curl|Python|Node|YAML|SQL|DuckDB|SQLite|Enter|Ctrl|CSRF|SMTP|HMAC|SHA|AI|SSO|SCIM|OIDC|DNS|TXT|TOTP|QR)\b/g;

interface Page {
  readonly path: string;
  readonly title: Readonly<Record<'en' | 'zh', string>>;
}

interface Line {
  readonly where: string;
  readonly en: string;
  readonly zh: string;
}

/** The texts of one site, and what is wrong with them by rule; a rule that holds has an empty list. */
export interface SiteTexts {
  readonly modules: number;
  readonly lines: readonly Line[];
  readonly faults: Readonly<Record<string, readonly string[]>>;
}

/** Reads every texts module below `folder`, and the titles of its pages. */
export async function readSiteTexts(folder: string, pages: readonly Page[]): Promise<SiteTexts> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !path.startsWith('dist') && !path.startsWith('node_modules'),
  );
  const titles = (language: 'en' | 'zh') => Object.fromEntries(pages.map((page) => [page.path, page.title[language]]));
  const all = [
    ...(await readModules(folder, files)),
    { where: 'pages.ts', texts: { en: titles('en'), zh: titles('zh') } },
  ];
  const lines = all.flatMap(({ where, texts }) =>
    Object.keys(texts.en).map((key) => ({
      where: `${where}.${key}`,
      en: texts.en[key] ?? '',
      zh: texts.zh[key] ?? '',
    })),
  );
  const those = (isWrong: (line: Line) => boolean) => lines.filter(isWrong).map(({ where }) => where);
  return {
    modules: all.length,
    lines,
    faults: {
      'stand in files of their own': files
        .filter((path) => !TEXTS_FILE.test(path) && path !== 'locales/define-texts.ts')
        .filter((path) => /\bdefineTexts\(/.test(readFileSync(join(folder, path), 'utf8'))),
      'have the same keys in each language': all
        .filter(({ texts }) => Object.keys(texts.zh).toSorted().join() !== Object.keys(texts.en).toSorted().join())
        .map(({ where }) => where),
      'are never empty': those(({ en, zh }) => en.trim() === '' || zh.trim() === ''),
      'take the same arguments in each language': those(
        ({ en, zh }) => argumentsOf(en).join() !== argumentsOf(zh).join(),
      ),
      'are Chinese in Chinese': those(({ en, zh }) => hasWords(en) && !/\p{Script=Han}/u.test(zh)),
      'are English in English': those(({ en }) => /\p{Script=Han}/u.test(en)),
    },
  };
}

interface Found {
  readonly where: string;
  readonly texts: Texts<string>;
}

async function readModules(folder: string, files: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of files.filter((path) => TEXTS_FILE.test(path))) {
    const module = (await import(join(folder, path))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module)) {
      if (isTexts(value)) found.push({ where: `${path} ${name}`, texts: value });
    }
  }
  return found;
}

function isTexts(value: unknown): value is Texts<string> {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Readonly<Record<string, unknown>>;
  return LANGUAGES.every((language) => typeof found[language] === 'object');
}

/** Names of the arguments of a message with how each is used, inner messages included. */
function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const walk = (tokens: unknown): void => {
    if (!Array.isArray(tokens)) return;
    for (const token of tokens) {
      if (!Array.isArray(token)) continue;
      const [name, kind, detail] = token as [string, string?, unknown?];
      names.add(kind === undefined ? name : `${name}, ${kind}`);
      if (typeof detail === 'object' && detail !== null) Object.values(detail).forEach(walk);
    }
  };
  walk(compileMessageOrThrow(message));
  return [...names].filter((name) => name !== '#').toSorted();
}

/** Whether something is left to translate once arguments, names and codes are taken away. */
function hasWords(message: string): boolean {
  const words = message.replace(/\{[^{}]*\}/g, ' ').replace(/[a-z_]+\.[a-z_]+|[a-z]+_[a-z_]+|\/\S+/g, ' ');
  return /\p{Letter}{2}/u.test(words.replace(LATIN, ' '));
}
