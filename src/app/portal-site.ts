import { join } from 'node:path';
import { callerAddress } from '../base/address.ts';
import type { Clock } from '../base/clock.ts';
import { createNetworkTest } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { Control } from '../http/control.ts';
import { createCrowd } from './site/crowd.ts';
import { openSiteFiles } from './site/files.ts';
import type { SitePlace } from './site/hosts.ts';
import { createSite, isVisit, type SiteFetch } from './site/site.ts';

/** Where `npm run build` puts the portal. */
const PORTAL_FOLDER = join(import.meta.dirname, '../../portal/dist');

/** What belongs to machines on the public listener, whoever asks. */
const MACHINES = /^\/(?:v1|webhooks|scim)(?:\/|$)|^\/(?:healthz|readyz|metrics)$/;

/** The developer portal's part of the public listener. */
export interface PortalSite {
  /** Whether this request is the portal's: its API, its files, and every page that a browser goes to. */
  takes(request: Request, path: string): boolean;
  readonly fetch: SiteFetch;
}

export interface PortalSiteParts {
  readonly place: SitePlace;
  readonly trustedProxies: readonly string[];
  readonly control: Control;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether a request shows a session of a person. */
  readonly showsSession: (request: Request) => boolean;
  readonly folder?: string;
}

/** The pages of the portal and the API they ask. */
export function createPortalSite(parts: PortalSiteParts): PortalSite {
  const isTrusted = createNetworkTest(parts.trustedProxies);
  const files = openSiteFiles(parts.folder ?? PORTAL_FOLDER);
  const isApi = (path: string) => path === '/portal' || path.startsWith('/portal/');
  const fetch = createSite({
    name: 'portal',
    place: parts.place,
    hostsSetting: 'portal.public_url or portal.allowed_hosts',
    api: parts.control,
    isApi,
    files,
    random: parts.random,
    crowd: createCrowd({ clock: parts.clock, unit: () => parts.random.unit(), showsSession: parts.showsSession }),
    addressOf: (request, peer) => callerAddress(peer, request.headers.get('x-forwarded-for'), isTrusted),
  });
  return {
    fetch,
    takes(request, path) {
      if (isApi(path)) return true;
      if (MACHINES.test(path) || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
      return isVisit(request) || path.startsWith('/assets/') || files.get(path) !== null;
    },
  };
}
