import { BlockList, isIP } from 'node:net';
import type { ApiKey } from './key.ts';

/** Whether `text` is a CIDR block: an address, a slash and a prefix length that fits its family. */
export function isNetwork(text: string): boolean {
  const match = /^([0-9a-fA-F.:]{2,45})\/(\d{1,3})$/.exec(text);
  const family = isIP(match?.[1] ?? '');
  return family !== 0 && Number(match?.[2]) <= (family === 4 ? 32 : 128);
}

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

/** A test of whether an address lies in one of `networks`; an IPv4 address written inside IPv6 counts as IPv4. */
function createNetworkTest(networks: readonly string[]): (address: string) => boolean {
  const blocks = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    blocks.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return function inNetworks(address) {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    const family = isIP(plain);
    return family !== 0 && blocks.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}
