import { describe, expect, test } from 'bun:test';
import { describeError, kindOfError } from './describe-error.ts';

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return null;
}

describe('describeError', () => {
  test('names the error, its code, where it came from and what caused it', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const told = describeError(new TypeError('upstream is gone', { cause }));
    expect(told).toMatchObject({
      name: 'TypeError',
      message: 'upstream is gone',
      cause: { name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:1', code: 'ECONNREFUSED' },
    });
    expect(told.stack?.length).toBeGreaterThan(0);
    expect(told.stack?.[0]).toContain('describe-error.test.ts');
  });

  test('never repeats what a parser quoted', () => {
    const prompt = 'my secret diary';
    const cases = [
      caught(() => JSON.parse(`{"content": ${prompt}}`)),
      caught(() => JSON.parse(prompt)),
      new Error(`bad answer: "${prompt}, which goes on for much longer than a name does"`),
      new Error('outer', { cause: caught(() => JSON.parse(prompt)) }),
    ];
    for (const error of cases) {
      expect(JSON.stringify(describeError(error))).not.toContain('diary');
      expect(kindOfError(error)).not.toContain('diary');
    }
  });

  test('takes an apostrophe for no quotation', () => {
    const said = "the writer didn't take the batch because the disk of this machine wasn't there";
    expect(describeError(new Error(said)).message).toBe(said);
  });

  test('redacts messages, causes and what was thrown instead of an error', () => {
    const key = 'cd_live_abCD1234_s3cr3tS3cr3t_9fK2';
    const cases = [
      new Error(`key ${key}`),
      new Error('x', { cause: new Error(key) }),
      new Error('x', { cause: key }),
      key,
    ];
    for (const error of cases) expect(JSON.stringify(describeError(error))).not.toContain('s3cr3t');
  });

  test('a message with lines of its own does not get into the frames', () => {
    const told = describeError(new Error('first\n    at the heart of a prompt (x:1:1)\nlast'));
    expect(JSON.stringify(told.stack)).not.toContain('heart');
  });

  test('is bounded', () => {
    let error = new Error('m'.repeat(100_000));
    for (let depth = 0; depth < 100; depth++) error = new Error('m'.repeat(100_000), { cause: error });
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(6_000);
    const loop = new Error('loop');
    loop.cause = loop;
    expect(JSON.stringify(describeError(loop)).length).toBeLessThan(6_000);
  });

  test('tells repetitions by all but numbers', () => {
    expect(kindOfError(new Error('port 1 is busy'))).toBe(kindOfError(new Error('port 2 is busy')));
    expect(kindOfError(new Error('a'))).not.toBe(kindOfError(new Error('b')));
  });
});
