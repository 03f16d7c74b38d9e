import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { LOCALE_OF, type Language } from '../../../console/locales/define-texts.ts';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

interface PageFacts {
  readonly lang: string;
  readonly title: string;
  readonly headings: readonly string[];
  /** Pixels the document is wider than its window, and what reaches out of it. */
  readonly tooWide: number;
  readonly widest: readonly string[];
  /** Places that still wait for something. */
  readonly waiting: number;
  readonly errors: readonly string[];
  /** Every text a person sees or hears, but for code, names and ids. */
  readonly texts: readonly string[];
}

/** A command stands in a sentence as it is typed. */
const COMMANDS = /\b(npm run|npx candor|bin\/candor)( [a-z-]+)+/g;
/** Words in Latin letters that Chinese has too: names, units, keys and codes. */
const SHARED_WORDS =
  /\b(Candor|OpenAPI|API|OpenAI|Anthropic|IDs?|id|CSV|Parquet|JSON|HTTPS?|URL|YAML|IP|UTC|USD|Slack|Webhook|Stripe|Markdown|TTFT|[Pp]\d\d|RPM|TPM|Enter|Ctrl|Esc|SMTP|SHA|HMAC|GET|POST|PUT|PATCH|DELETE|DuckDB|SQLite|Sankey|ms|English)\b/g;
/** Three words of English one after another are a sentence that nobody translated. */
const ENGLISH = /[A-Za-z][A-Za-z'’]*(?:[ ,]+[A-Za-z][A-Za-z'’]*){2,}/;
const HAN = /\p{Script=Han}/u;

/** What is wrong with the page as it is now, in words; nothing when it is as every page must be. */
export async function faultsOf(
  page: Page,
  language: Language,
  { names, service }: { readonly names: readonly string[]; readonly service: string },
): Promise<string[]> {
  const facts = await page.evaluate(readFacts);
  const faults: string[] = [];
  if (facts.lang !== LOCALE_OF[language]) faults.push(`lang is ${facts.lang}`);
  if (!facts.title.endsWith(` · ${service}`)) faults.push(`the title is "${facts.title}"`);
  if (facts.headings.length !== 1) faults.push(`h1: ${JSON.stringify(facts.headings)}`);
  if (facts.tooWide > 0) faults.push(`${facts.tooWide} px wider than the window: ${facts.widest.join(', ')}`);
  if (facts.waiting > 0) faults.push(`${facts.waiting} places still wait`);
  faults.push(...facts.errors.map((text) => `says that something broke: ${text}`));
  faults.push(...foreignWords(facts.texts, language, names).map((text) => `not in ${language}: ${text}`));
  return faults;
}

/** Texts that stand there in the other language, once names are taken out. */
function foreignWords(texts: readonly string[], language: Language, names: readonly string[]): string[] {
  const longestFirst = names.toSorted((one, other) => other.length - one.length);
  const left = texts.map((text) => longestFirst.reduce((rest, name) => rest.replaceAll(name, '·'), text));
  if (language === 'en') return left.filter((text) => HAN.test(text));
  return left.filter((text) => ENGLISH.test(text.replace(COMMANDS, '·').replace(SHARED_WORDS, '·')));
}

/** What axe finds against WCAG 2.1 A and AA, in words. */
export async function barriersOf(page: Page): Promise<string[]> {
  // In the page itself: a page of its own for each look would take most of the time.
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .withTags(AXE_TAGS)
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `axe ${id}: ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ')}`,
    ),
  );
}

/** Runs in the page. */
function readFacts(): PageFacts {
  const root = document.documentElement;
  const width = root.clientWidth;
  const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = [...document.body.querySelectorAll('*')];
  const tooWide = root.scrollWidth - width;
  const reaching = tooWide > 0 ? all.filter((element) => element.getBoundingClientRect().right > width + 1) : [];
  const isWords = (element: Element | null) =>
    element !== null &&
    element.closest('code, pre, kbd, samp, .mono, [translate="no"], [lang]:not(html), script, style') === null;
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const { parentElement, textContent } = node;
    if (parentElement !== null && isWords(parentElement) && shown(parentElement)) texts.push(textContent ?? '');
  }
  for (const element of all) {
    if (!isWords(element)) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
      const text = element.getAttribute(name);
      if (text !== null) texts.push(text);
    }
  }
  return {
    lang: root.lang,
    title: document.title,
    headings: [...document.querySelectorAll('h1')].filter(shown).map((heading) => heading.textContent ?? ''),
    tooWide,
    widest: reaching
      .slice(-3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`),
    waiting: document.querySelectorAll('.mantine-Skeleton-root, [aria-busy="true"], .mantine-Loader-root').length,
    errors: [...document.querySelectorAll('[role="alert"]')].filter(shown).map((element) => element.textContent ?? ''),
    texts: [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))],
  };
}
