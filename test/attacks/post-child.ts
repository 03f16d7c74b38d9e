/** Posts once to the address it is given, as the providers do, and prints what came of it. */
import { networkFailure, postUpstream } from '../../src/runtime/upstream.ts';

const [url = ''] = process.argv.slice(2);
const headers = { authorization: 'Bearer upstream-secret' };
try {
  const answer = await postUpstream({ url, headers, body: '{}', signal: AbortSignal.timeout(5_000) });
  process.stdout.write(`answered ${answer.status}`);
} catch (error) {
  process.stdout.write(`refused ${networkFailure(error)}`);
}
process.exit(0);
