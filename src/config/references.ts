import { short } from './checks.ts';
import type { Finding } from './problem.ts';
import type { ConfigFile, ModelEntry } from './schema.ts';
import { suggestion } from './suggest.ts';

type Providers = NonNullable<ConfigFile['providers']>;
type Models = NonNullable<ConfigFile['models']>;

/** What one key says about another: names that must exist, and circles. */
export function checkReferences(providers: Providers, models: Models): Finding[] {
  const found: Finding[] = [];
  if (Object.keys(models).length === 0) {
    found.push({
      path: ['models'],
      at: 'value',
      message: 'no model is configured, so there is nothing to serve',
      fix: 'Add at least one: `models: { NAME: { targets: [{ provider: ..., upstream_model: ... }] } }`.',
    });
  }
  for (const [name, model] of Object.entries(models)) {
    found.push(...checkTargets(name, model, providers), ...checkFallbacks(name, model, models));
  }
  return [...found, ...checkCycles(models)];
}

function checkTargets(name: string, model: ModelEntry, providers: Providers): Finding[] {
  const known = Object.keys(providers);
  return model.targets.flatMap((target, at) => {
    if (Object.hasOwn(providers, target.provider)) return [];
    return [
      {
        path: ['models', name, 'targets', at, 'provider'],
        at: 'value' as const,
        message: `no provider is called '${short(target.provider)}'`,
        fix: suggestion(target.provider, known, 'Providers'),
      },
    ];
  });
}

function checkFallbacks(name: string, model: ModelEntry, models: Models): Finding[] {
  return model.fallbacks.flatMap((fallback, at) => {
    if (Object.hasOwn(models, fallback)) return [];
    const path = ['models', name, 'fallbacks', at];
    const others = Object.keys(models).filter((other) => other !== name);
    return [
      {
        path,
        at: 'value',
        message: `no model is called '${short(fallback)}'`,
        fix: suggestion(fallback, others, 'Models'),
      },
    ];
  });
}

/** Each circle of fallbacks is told once, at the fallback that closes it. */
function checkCycles(models: Models): Finding[] {
  const done = new Set<string>();
  const found: Finding[] = [];
  function visit(name: string, trail: readonly string[]): void {
    if (done.has(name)) return;
    for (const [at, fallback] of (models[name]?.fallbacks ?? []).entries()) {
      if (!Object.hasOwn(models, fallback)) continue;
      const here = [...trail, name];
      const from = here.indexOf(fallback);
      if (from === -1) visit(fallback, here);
      else {
        const circle = [...here.slice(from), fallback].join(' -> ');
        const path = ['models', name, 'fallbacks', at];
        found.push({
          path,
          at: 'value',
          message: `fallbacks go in a circle: ${circle}`,
          fix: 'Remove this one or another of the circle.',
        });
      }
    }
    done.add(name);
  }
  for (const name of Object.keys(models)) visit(name, []);
  return found;
}
