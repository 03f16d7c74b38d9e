import { Hono } from 'hono';
import { isoOrNull } from '../../base/calendar.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { type PhoneView, phoneBody, phoneConfirmBody } from '../contract.ts';
import { refusalResponse } from '../refusal.ts';
import type { PortalContext } from '../way-in.ts';
import type { Phones } from './phone.ts';
import { hasCode } from './store.ts';

export interface PhoneRoutesDeps {
  readonly reader: Reader;
  readonly nowMs: () => number;
  readonly phones: Phones;
}

/** A mobile number of whoever asks. Described by `phonePortalApi`. */
export function phoneRoutes({ reader, nowMs, phones }: PhoneRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  async function view(personId: string): Promise<PhoneView> {
    const phone = await phones.read(personId);
    const isSent = await hasCode(reader, personId, nowMs());
    return {
      available: phones.available,
      state: isSent ? 'code_sent' : phone === null ? 'none' : 'proved',
      ending: phone?.ending ?? null,
      proved_at: isoOrNull(phone?.provedAtMs ?? null),
    };
  }

  routes.get('/portal/v1/phone', async (context) => context.json(await view(personOf(context))));

  routes.post('/portal/v1/phone', async (context) => {
    const body = await readBody(context, phoneBody);
    if (!body.ok) return body.refusal;
    const personId = personOf(context);
    const networkPrefix = context.get('networkPrefix') ?? null;
    const sent = await phones.send({ personId, networkPrefix }, body.value);
    return sent.ok ? context.json(await view(personId), 202) : refusalResponse(sent.refusal);
  });

  routes.post('/portal/v1/phone/confirm', async (context) => {
    const body = await readBody(context, phoneConfirmBody);
    if (!body.ok) return body.refusal;
    const personId = personOf(context);
    const proved = await phones.confirm(personId, body.value.code);
    if (!proved.ok) return refusalResponse(proved.refusal);
    return context.json(await view(personId));
  });

  return routes;
}

/** Nobody's for the command line, which has no phone. */
function personOf(context: PortalContext): string {
  const actor = context.get('actor');
  return actor.kind === 'person' ? actor.id : '';
}
