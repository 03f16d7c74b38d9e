import { createNetworkTest } from '../base/network.ts';
import type { ApiKey } from './key.ts';

/** Built once for each list of networks: a key keeps the same list for as long as it lives. */
const testsByList = new WeakMap<readonly string[], (address: string) => boolean>();

/** Whether a key may be used from this address. An unknown address is inside no network. */
export function keyAllowsNetwork(key: Pick<ApiKey, 'networks'>, address: string | null): boolean {
  const { networks } = key;
  if (networks === null) return true;
  let test = testsByList.get(networks);
  if (test === undefined) {
    test = createNetworkTest(networks);
    testsByList.set(networks, test);
  }
  return address !== null && test(address);
}
