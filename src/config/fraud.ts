import type { Environment } from './env.ts';
import { absolutePath } from './paths.ts';
import type { FraudEntry } from './schema/fraud.ts';

/** What is made of who signs up. */
export interface FraudConfig {
  /** Absolute paths of databases of networks. */
  readonly networksFiles: readonly string[];
}

export function assembleFraud(entry: FraudEntry, folder: string, env: Environment): FraudConfig {
  return { networksFiles: entry.networks_files.map((path) => absolutePath(path, folder, env)) };
}
