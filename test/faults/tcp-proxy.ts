import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the proxy does to the connections made from now on. Bytes are counted on the way back, from the upstream. */
export type NetworkFault =
  | { readonly kind: 'none' }
  /** Every piece waits so long, in both directions. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is reset (RST) after so many bytes; with 0, as soon as there is an answer. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** The answer comes so slowly that nobody waits for its end. */
  | { readonly kind: 'drip'; readonly bytesPerSec: number }
  /** The connection is taken, and nothing passes in either direction. */
  | { readonly kind: 'blackhole' }
  /** The connection is closed in an orderly way (FIN) after so many bytes. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** After so many bytes the upstream is gone, and nobody says so. */
  | { readonly kind: 'half-open'; readonly afterBytes: number };

/** Stands between Candor and an upstream and breaks the network between them. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open already are cut, so that every request from now on meets this. */
  set(fault: NetworkFault): void;
  /** Connections on which the present fault has struck. */
  struck(): number;
  close(): Promise<void>;
}

/** Proxies a port of its own to `targetPort`, both on the local machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let fault: NetworkFault = { kind: 'none' };
  let struck = 0;

  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: targetPort });
    const pair = { near, far };
    pairs.add(pair);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    near.on('close', () => {
      pairs.delete(pair);
      far.destroy();
    });
    let counted = false;
    join(near, far, fault, () => {
      if (!counted) struck++;
      counted = true;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function cutAll(): void {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      fault = next;
      struck = 0;
      cutAll();
    },
    struck: () => struck,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cutAll();
      return closed;
    },
  };
}

/** Passes bytes between the caller (`near`) and the upstream (`far`) as the fault has it; `strike` is called when it does. */
function join(near: Socket, far: Socket, fault: NetworkFault, strike: () => void): void {
  switch (fault.kind) {
    case 'blackhole':
      near.once('data', strike);
      near.resume();
      return;
    case 'delay':
      near.once('data', strike);
      passLate(near, far, fault.ms);
      passLate(far, near, fault.ms);
      return;
    case 'drip':
      near.pipe(far);
      dripFrom(far, near, fault.bytesPerSec, strike);
      return;
    case 'none':
      near.pipe(far);
      far.pipe(near);
      return;
    default:
      near.pipe(far);
      passUntil(far, near, fault.afterBytes, () => {
        strike();
        far.destroy();
        if (fault.kind === 'reset') near.resetAndDestroy();
        else if (fault.kind === 'truncate') near.end();
      });
  }
}

function passLate(from: Socket, to: Socket, ms: number): void {
  from.on('data', (bytes: Buffer) => setTimeout(() => to.write(bytes), ms));
  from.on('end', () => setTimeout(() => to.end(), ms));
}

function dripFrom(from: Socket, to: Socket, bytesPerSec: number, strike: () => void): void {
  const waiting: number[] = [];
  from.on('data', (bytes: Buffer) => void waiting.push(...bytes));
  const timer = setInterval(() => {
    const byte = waiting.shift();
    if (byte === undefined) return;
    strike();
    to.write(Buffer.of(byte));
  }, 1_000 / bytesPerSec);
  to.on('close', () => clearInterval(timer));
}

/** Passes the first `bytesMax` bytes and then calls `end`, once; with 0 as soon as there is an answer to pass. */
function passUntil(from: Socket, to: Socket, bytesMax: number, end: () => void): void {
  let left = bytesMax;
  let ended = false;
  from.on('data', (bytes: Buffer) => {
    if (ended) return;
    const some = bytes.subarray(0, left);
    left -= some.length;
    ended = left === 0;
    if (some.length > 0) to.write(some, () => ended && end());
    else end();
  });
  from.on('end', () => {
    if (!ended) to.end();
  });
}
