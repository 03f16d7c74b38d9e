/** Slips that people often make, and what they meant. */
import type { SchemaNode } from './explain.ts';

/** Where servers that speak chat completions usually answer, by the name people give as their kind. */
const OPENAI_COMPATIBLE: Readonly<Record<string, string>> = {
  ollama: 'http://127.0.0.1:11434/v1',
  vllm: 'http://127.0.0.1:8000/v1',
  llamacpp: 'http://127.0.0.1:8080/v1',
  lmstudio: 'http://127.0.0.1:1234/v1',
  mistral: 'https://api.mistral.ai/v1',
  groq: 'https://api.groq.com/openai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  together: 'https://api.together.xyz/v1',
  deepseek: 'https://api.deepseek.com/v1',
};

/** The fix for a kind that is really an address of kind `openai`; null for every other text. */
export function fixForKind(written: string): string | null {
  const plain = written.toLowerCase().replace(/[^a-z]/g, '');
  if (plain === 'azure' || plain === 'azureopenai') {
    const azure = '`base_url: https://RESOURCE.openai.azure.com` and `azure: { api_version: 2024-10-21 }`';
    return `Use \`kind: openai\` with ${azure}.`;
  }
  const url = Object.hasOwn(OPENAI_COMPATIBLE, plain) ? OPENAI_COMPATIBLE[plain] : undefined;
  return url === undefined ? null : `Use \`kind: openai\` with base_url, such as \`base_url: ${url}\`.`;
}

/** A key and its value that stand together without the space YAML needs, at the start of `text`. */
export function gluedKey(text: string): { readonly key: string; readonly fix: string } | null {
  const match = /^\s*(?:- +)?([A-Za-z_][A-Za-z0-9_-]{0,63}):([^\s:/,}\]][^\s,}\]]{0,63})/.exec(text);
  if (match === null) return null;
  const [, key = '', value = ''] = match;
  // The value may be a secret, so only plain short words and numbers are repeated.
  const shown = /^(\d{1,9}|true|false)$/.test(value) ? value : '...';
  return { key, fix: `Put a space after the colon: \`${key}: ${shown}\`.` };
}

/** The blocks of the file that have this key, such as `server` for `port`; for a key that stands at the top. */
export function homesOf(key: string, file: SchemaNode): string[] {
  return Object.entries(file.properties ?? {}).flatMap(([name, block]) => {
    if (Object.hasOwn(block.properties ?? {}, key)) return [name];
    const entry = typeof block.additionalProperties === 'object' ? block.additionalProperties : {};
    const options = entry.oneOf ?? [entry];
    return options.some((option) => Object.hasOwn(option.properties ?? {}, key)) ? [`${name}.NAME`] : [];
  });
}
