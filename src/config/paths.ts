import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Wrong } from './checks.ts';
import { type Environment, readVariable } from './env.ts';

/** Refuses `~name`: whose folder that is, only a shell knows. */
export function checkPath(text: string): Wrong | null {
  if (!/^~[^/]/.test(text)) return null;
  return {
    message: 'begins with the home folder of another user, which is not looked up',
    fix: 'Write the whole path, or begin it with ~/ for your own home folder.',
  };
}

/** The path made absolute: a leading `~/` is the home folder of `env`, a relative path starts at `folder`. */
export function absolutePath(written: string, folder: string, env: Environment): string {
  if (written !== '~' && !written.startsWith('~/')) return resolve(folder, written);
  return resolve(folder, join(readVariable(env, 'HOME') ?? homedir(), written.slice(1)));
}
