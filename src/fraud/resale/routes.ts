import { Hono } from 'hono';
import type { Clock } from '../../base/clock.ts';
import type { ControlRoute } from '../../http/control-api.ts';
import { RESALE_LISTED_MAX, type ResaleView, resaleView } from './contract.ts';
import type { KeySharing, KeySharingWatch } from './key-sharing.ts';

export const resaleControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/control/v1/fraud/resale',
    access: 'fraud.read',
    summary: 'List keys that seem to serve many people, and contents that come through many keys',
    tag: 'fraud',
    answer: resaleView,
  },
];

/** The control API of key sharing. */
export function resaleRoutes(watch: KeySharingWatch, clock: Clock): Hono {
  const routes = new Hono();
  routes.get('/control/v1/fraud/resale', (context) => {
    const nowMs = clock.wallMs();
    const view: ResaleView = {
      keys: watch.suspects(nowMs, RESALE_LISTED_MAX).map(toView),
      templates: [...watch.spread(nowMs, RESALE_LISTED_MAX)],
    };
    return context.json(view);
  });
  return routes;
}

function toView(sharing: KeySharing): ResaleView['keys'][number] {
  return {
    key_id: sharing.keyId,
    account_id: sharing.accountId,
    requests: sharing.requests,
    client_classes: sharing.clientClasses,
    networks: sharing.networks,
    countries: sharing.countries,
    end_users: sharing.endUsers,
    templates: sharing.templates,
    mix_distance: sharing.mixDistance,
    hour_flatness: sharing.hourFlatness,
    reasons: [...sharing.reasons],
  };
}
