import { type ApiKey, type IssuedKey, type Standing, toKeyView } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Names } from '../names.ts';
import { type CreatedPortalKeyView, PLAYGROUND_APP, type PortalKeyView } from './contract.ts';

export interface KeyViewParts {
  readonly standing: Pick<Standing, 'stopOf'>;
  readonly names: Names;
  readonly nowMs: number;
}

export function toPortalKeyView(key: ApiKey, { standing, names, nowMs }: KeyViewParts): PortalKeyView {
  const { account_id: _, product: __, ...view } = toKeyView(key, nowMs);
  const stop = view.state === 'active' ? standing.stopOf(key) : null;
  return {
    ...view,
    member_name: key.member === null ? null : names.member(key.member),
    playground: key.app === PLAYGROUND_APP,
    stop: stop && {
      id: stop.id,
      subject: stop.subject.kind,
      reason: stop.reason,
      since: toIso(stop.atMs),
      until: isoOrNull(stop.untilMs),
    },
  };
}

export function toIssuedView(issued: IssuedKey, parts: KeyViewParts): CreatedPortalKeyView {
  return {
    ...toPortalKeyView(issued.key, parts),
    key: issued.text,
    replaces: issued.replaces?.id ?? null,
    replaces_expires_at: isoOrNull(issued.replaces?.endsAtMs ?? null),
  };
}
