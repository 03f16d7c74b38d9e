import { join } from 'node:path';
import { callerAddress } from '../base/address.ts';
import { createNetworkTest } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import type { Control } from '../http/control.ts';
import { openSiteFiles } from './site/files.ts';
import { createSite, type SiteFetch } from './site/site.ts';

/** Where `npm run build` puts the console. */
const CONSOLE_FOLDER = join(import.meta.dirname, '../../console/dist');

/** What the console's listener answers; null where the configuration turns it off. */
export function composeConsole(
  config: Pick<Config, 'console' | 'server'>,
  control: Control,
  random: Random,
  folder: string = CONSOLE_FOLDER,
): SiteFetch | null {
  if (!config.console.enabled) return null;
  const isTrusted = createNetworkTest(config.server.trustedProxies);
  return createSite({
    name: 'console',
    place: config.console,
    hostsSetting: 'console.allowed_hosts',
    api: control,
    // The metrics are here under the same name as on the socket.
    isApi: (path) => path === '/control' || path.startsWith('/control/') || path === '/metrics',
    files: openSiteFiles(folder),
    random,
    addressOf: (request, peer) => callerAddress(peer, request.headers.get('x-forwarded-for'), isTrusted),
  });
}
