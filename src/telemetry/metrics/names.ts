import type { Config } from '../../config/config.ts';
import { OTHER } from './series.ts';

/** Stands for a value there was none of, such as the provider of a request that was refused. */
export const NONE = 'none';

/**
 * Turns what requests carry into label values of which there can only be as many as the config has. A model name is
 * a caller's own words: whatever is not an alias of the config becomes `other`, and so does what is beyond `namesMax`.
 */
export interface LabelNames {
  model(requested: string | null): string;
  provider(name: string | null): string;
  target(name: string): string;
}

const NAMES_MAX = 500;

export function createLabelNames(config: Pick<Config, 'models' | 'providers'>, namesMax = NAMES_MAX): LabelNames {
  const models = new Set(Object.keys(config.models).slice(0, namesMax));
  const providers = new Set(Object.keys(config.providers).slice(0, namesMax));
  const targets = new Set<string>();
  for (const [alias, model] of Object.entries(config.models)) {
    for (let at = 0; at < model.targets.length && targets.size < namesMax; at++) targets.add(`${alias}/${at}`);
  }
  const named = (names: ReadonlySet<string>, name: string) => (names.has(name) ? name : OTHER);
  return {
    model: (requested) => (requested === null ? NONE : named(models, requested)),
    provider: (name) => (name === null ? NONE : named(providers, name)),
    target: (name) => named(targets, name),
  };
}
