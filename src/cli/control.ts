import type { z } from 'zod';
import { controlErrorView } from '../accounts/contract.ts';
import { findDataDir } from '../config/load.ts';
import { EXIT } from '../app/contract.ts';
import { CliFailure, type CliDeps } from './deps.ts';

/** Where the verb should look for its service. */
export interface PlaceOptions {
  readonly config?: string;
  readonly data?: string;
}

export function dataDirOf(deps: CliDeps, options: PlaceOptions): string {
  const env = options.data === undefined ? deps.env : { ...deps.env, CANDOR_DATA: options.data };
  const disk = deps.disk === undefined ? {} : { disk: deps.disk };
  return findDataDir({ configFile: options.config, env, cwd: deps.cwd, ...disk });
}

/** Asks the running service, and reads its answer by the contract. Throws `CliFailure` for everything but success. */
export async function ask<View extends z.ZodType>(
  deps: CliDeps,
  options: PlaceOptions,
  request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown },
  view: View,
): Promise<z.output<View>> {
  const { status, body } = await deps.connect(dataDirOf(deps, options))(request.method, request.path, request.body);
  if (status >= 200 && status < 300) {
    const read = view.safeParse(body);
    if (read.success) return read.data;
    throw new CliFailure(
      EXIT.internal,
      'unexpected_answer',
      'the service answered in a form this version does not know',
    );
  }
  const told = controlErrorView.safeParse(body);
  const { reason, message } = told.success
    ? told.data.error
    : { reason: 'unexpected_answer', message: `the service answered with status ${status}` };
  throw new CliFailure(exitOf(status), reason, message);
}

function exitOf(status: number): number {
  if (status === 503) return EXIT.unavailable;
  return status >= 500 ? EXIT.internal : EXIT.refused;
}
