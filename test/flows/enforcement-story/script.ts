import OpenAI from 'openai';
import type { z } from 'zod';
import { sanctionListView } from '../../../src/enforcement/sanctions/contract.ts';
import type { Step } from '../../../src/enforcement/step.ts';
import { isSoon, type StoryPlace, until } from './story-place.ts';

/** What a program asks with somebody's key. */
export const ASKS = {
  en: {
    threats: [
      'I know where you live and I will break your legs tomorrow',
      'I will find you and kill you, you worthless bitch',
      'I will slit your throat',
      'I will kill you and your whole family, you filthy animals',
      "I'll stab you to death when you leave work",
      'We are going to shoot you in the head, traitor',
      'I will bomb your house tonight',
    ],
    harmless: (nth: number) => `Recommend a book about gardening for a beginner, number ${nth}`,
  },
  zh: {
    threats: [
      '我知道你住在哪里，明天就去打断你的腿。',
      '我今晚就去杀了你，你等着死吧。',
      '你敢出门我就砍死你，我说到做到。',
      '我会找到你，然后杀了你全家。',
      '等你下班我就拿刀捅死你这个贱人。',
      '今天晚上我要烧死你们全家。',
      '我要一刀捅死你，让你全家都陪葬。',
    ],
    harmless: (nth: number) => `请推荐第 ${nth} 本适合初学者的园艺书。`,
  },
} as const;

/** A program of the person, with the official library. */
export interface Script {
  /** Asks one threat after the other until a step of the ladder is in force; what it was refused with comes back, too. */
  threatenUntil(step: Step): Promise<void>;
  /** Asks so many harmless things, and waits until they count. */
  askHarmless(count: number): Promise<void>;
  /** Rejects with what the library throws. */
  ask(content: string): Promise<Said>;
  /** What is refused now. */
  refused(): Promise<Refused>;
  /** Threats asked so far. */
  readonly threats: readonly string[];
}

interface Said {
  readonly requestsPerMinute: string | null;
}

export interface Refused {
  readonly status: number;
  readonly decisionId: string;
  /** Path of the address where it can be contested. */
  readonly contestPath: string;
}

/** A threat more than judgement needs: where the machine is so busy that one was not read in time, the next one is. */
const MORE_MAX = 2;

export function startScript(place: StoryPlace, key: string, accountId: string, language: keyof typeof ASKS): Script {
  const client = new OpenAI({ apiKey: key, baseURL: `${place.site.url}/v1`, maxRetries: 0 });
  const asks = ASKS[language];
  const threats: string[] = [];
  let seen = 0;

  async function ask(content: string): Promise<Said> {
    const messages = [{ role: 'user' as const, content }];
    const { response } = await client.chat.completions.create({ model: 'demo', messages }).withResponse();
    return { requestsPerMinute: response.headers.get('x-ratelimit-limit-requests') };
  }

  async function inForce(): Promise<z.output<typeof sanctionListView>['data']> {
    const path = `/control/v1/enforcement/sanctions?account=${accountId}`;
    return (await place.read(path, sanctionListView)).data.filter(({ state }) => state === 'in_force');
  }

  return {
    threats,
    ask,
    async askHarmless(count) {
      const before = await place.requestsSeen(accountId);
      await Promise.all(Array.from({ length: count }, () => ask(asks.harmless(++seen))));
      await until('that harmless requests count', async () => (await place.requestsSeen(accountId)) >= before + count);
    },
    async threatenUntil(step) {
      for (let more = 0; more <= MORE_MAX; more++) {
        const threat = asks.threats[threats.length];
        if (threat === undefined) break;
        threats.push(threat);
        await ask(threat);
        const came = await isSoon(async () => (await inForce()).some((held) => held.step === step));
        if (came) return;
      }
      throw new Error(`${threats.length} threats did not lead to ${step}`);
    },
    async refused() {
      const error = await ask(asks.harmless(++seen)).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof OpenAI.APIError)) throw new Error('it was not refused', { cause: error });
      const { decision_id: decisionId, contest_url: url } = error.error as Record<string, string>;
      if (error.status === undefined || decisionId === undefined || url === undefined) {
        throw new Error(`the refusal names no decision: ${error.message}`);
      }
      return { status: error.status, decisionId, contestPath: new URL(url).pathname };
    },
  };
}
