/** A data folder whose disk is full, or fails: nothing is taken that cannot be recorded, and nothing recorded is lost. */
import { afterAll, expect, test } from 'bun:test';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { auditDatabase } from '../../src/metering/index.ts';
import { type CandorProcess, endProcesses, makeKey, makePlace, startProcess } from '../world/process.ts';
import { eventsWith } from './records.ts';

const YAML = `
providers: { demo: { kind: demo, tokens_per_second: 1000000 } }
models: { m: { targets: [{ provider: demo, upstream_model: demo }] } }
limits: { key: { requests_per_minute: null, tokens_per_minute: null, concurrency: null } }
`;
const CALLERS = 16;
const EXIT_INTERNAL = 70;

afterAll(endProcesses);

function skipReason(program: string, args: readonly string[]): string | null {
  const tried = spawnSync(program, args);
  return tried.status === 0 ? null : `${program} is not permitted here: ${String(tried.error ?? tried.stderr).trim()}`;
}

interface Answer {
  readonly id: string;
  readonly status: number;
  /** The whole body, or that of a stream with its clean end. */
  readonly whole: boolean;
  readonly body: string;
}

async function ask({ url }: CandorProcess, key: string, stream: boolean): Promise<Answer> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'Say something in 5 words' }] }),
  });
  const body = await answer.text();
  const whole = answer.status === 200 && (!stream || body.endsWith('data: [DONE]\n\n'));
  return { id: answer.headers.get('x-request-id') ?? '', status: answer.status, whole, body };
}

/** Asks from many callers at once until `enough`; an answer that broke off is none. */
async function askUntil(
  candor: CandorProcess,
  key: string,
  enough: (answers: readonly Answer[]) => boolean,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let gone = false;
  async function call(): Promise<void> {
    for (let sent = 0; !gone && !enough(answers); sent++) {
      const answer = await ask(candor, key, sent % 2 === 0).catch(() => null);
      if (answer === null) gone = true;
      else answers.push(answer);
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, call));
  return answers;
}

async function expectKept(dataDir: string, answers: readonly Answer[]): Promise<void> {
  const whole = answers.filter((answer) => answer.whole);
  expect(whole.length).toBeGreaterThan(0);
  const events = await eventsWith(
    dataDir,
    whole.map(({ id }) => id),
  );
  for (const { id } of whole) expect(events.get(id)).toEqual({ id, status: 200, outcome: 'completed' });
}

const noMount = skipReason('unshare', ['-m', 'true']) ?? (process.getuid?.() === 0 ? null : 'mounting needs root');
test.skipIf(noMount !== null)(
  `a full disk: 503 storage_unavailable, nothing acknowledged is lost, and room brings it back (${noMount ?? 'tmpfs'})`,
  async () => {
    const place = makePlace(YAML);
    mkdirSync(place.dataDir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', place.dataDir]);
    try {
      const key = makeKey(place, '--app', 'disk');
      const candor = await startProcess(place);
      const refusedAnswers = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 503);
      const answers = await askUntil(candor, key, (all) => refusedAnswers(all).length >= 100);
      for (const { body } of refusedAnswers(answers)) expect(body).toContain('"reason":"storage_unavailable"');
      for (const { status } of answers) expect([200, 503]).toContain(status);
      for (const { body, whole, status } of answers) {
        if (status === 200 && !whole) expect(body).toContain('storage_unavailable');
      }
      await expectKept(place.dataDir, answers);
      execFileSync('mount', ['-o', 'remount,size=32m', place.dataDir]);
      const back = await askUntil(candor, key, (all) => all.length >= 100);
      expect(back.filter(({ whole }) => !whole)).toEqual([]);
      expect((await auditDatabase(place.dataDir)).findings).toEqual([]);
      candor.signal('SIGTERM');
      expect(await candor.ended).toBe(0);
      const again = await startProcess(place);
      expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0 } });
      await expectKept(place.dataDir, [...answers, ...back]);
      again.signal('SIGTERM');
      expect(await again.ended).toBe(0);
    } finally {
      execFileSync('umount', ['-l', place.dataDir]);
      rmSync(place.folder, { recursive: true, force: true });
    }
  },
  60_000,
);

const noTrace = skipReason('strace', ['-qq', '-e', 'trace=none', 'true']);
test.skipIf(noTrace !== null)(
  `a failed sync: the process ends with 70 and says why, and nothing acknowledged is lost (${noTrace ?? 'strace'})`,
  async () => {
    const place = makePlace(YAML);
    try {
      const key = makeKey(place, '--app', 'disk');
      const inject = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO:when=60+'];
      const candor = await startProcess(place, ['strace', '-f', '-qq', '-o', '/dev/null', ...inject]);
      const answers = await askUntil(candor, key, () => false);
      expect(await candor.ended).toBe(EXIT_INTERNAL);
      expect(candor.log()).toContain('the disk failed');
      for (const { status } of answers) expect([200, 503]).toContain(status);
      const again = await startProcess(place);
      await expectKept(place.dataDir, answers);
      expect(await auditDatabase(place.dataDir)).toMatchObject({ clean: true, checked: { openRequests: 0 } });
      again.signal('SIGTERM');
      expect(await again.ended).toBe(0);
    } finally {
      rmSync(place.folder, { recursive: true, force: true });
    }
  },
  60_000,
);
