import type { Context, Hono } from 'hono';
import type { ControlVariables } from '../../http/control-api.ts';
import type { Desk, Viewer } from './desk.ts';

export type CaseHono = Hono<{ Variables: ControlVariables }>;

/** Whoever holds the data folder answers for everything, and signs as `local`. */
export function viewerOf(
  desk: Desk,
  context: Context<{ Variables: ControlVariables }>,
): Viewer & { readonly name: string } {
  const actor = context.get('actor');
  if (actor.kind !== 'staff') return { id: 'local', name: 'local', leads: true };
  return { id: actor.id, name: actor.name, leads: desk.people().get(actor.id)?.leads ?? false };
}
