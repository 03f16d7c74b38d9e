import type { ServeRequest } from './contract.ts';

export interface GreetingFacts extends Pick<ServeRequest, 'configFile' | 'usualDataDir'> {
  readonly url: string;
  /** Null where there is none. */
  readonly console: string | null;
  /** Where people sign up; null where nobody does. */
  readonly portal: string | null;
  /** What the first owner of the console is made with; null when there is one. */
  readonly setup_token: string | null;
  readonly data: string;
  readonly models: readonly string[];
  /** Requests an earlier process left open. */
  readonly recovered: number;
  readonly hasKeys: boolean;
}

const MODELS_SHOWN_MAX = 8;

/** What a person reads when the service has started; until there is a key, how to make one and use it. */
export function formatGreeting(facts: GreetingFacts): string {
  const { url, data, models, recovered } = facts;
  const more = models.length - MODELS_SHOWN_MAX;
  const lines = [
    '',
    `  Candor is serving at ${url}`,
    ...(facts.console === null ? [] : [`  console ${facts.console}`]),
    ...(facts.portal === null ? [] : [`  portal  ${facts.portal}`]),
    `  data    ${data}`,
    `  config  ${facts.configFile ?? 'none: the demo provider answers (copy candor.example.yaml to candor.yaml to change that)'}`,
    `  models  ${models.slice(0, MODELS_SHOWN_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  ];
  if (recovered > 0) {
    lines.push(`  closed  ${recovered} ${recovered === 1 ? 'request' : 'requests'} that the last process left open`);
  }
  if (facts.console !== null && facts.setup_token !== null) lines.push(...firstOwner(facts.console, facts.setup_token));
  if (!facts.hasKeys) lines.push(...firstSteps(facts));
  lines.push('', '');
  return lines.join('\n');
}

/** The token stands behind `#`, where no log of a proxy sees it. */
function firstOwner(console: string, token: string): string[] {
  return [
    '',
    '  Nobody owns the console yet. Open this address to make the first owner; it works until there is one:',
    '',
    `    ${console}/setup#${token}`,
  ];
}

function firstSteps({ url, data, models, usualDataDir }: GreetingFacts): string[] {
  // Another terminal has neither the options nor the environment of this one.
  const place = data === usualDataDir ? '' : ` --data ${quote(data)}`;
  return [
    '',
    '  There is no key yet. In another terminal, in this folder:',
    '',
    `    npx candor key create --app my-first-app${place}`,
    '',
    '  then paste the export line it prints, and ask the first question:',
    '',
    `    curl ${url}/v1/chat/completions -H "Authorization: Bearer $CANDOR_KEY" \\`,
    `      -H "Content-Type: application/json" \\`,
    `      -d '{"model": "${models[0] ?? 'demo'}", "messages": [{"role": "user", "content": "Hello"}]}'`,
  ];
}

/** One word for a shell. */
function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
