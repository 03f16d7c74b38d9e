/** The wire of what upstreams tell of people they know by their safety identifiers. */
import { z } from 'zod';
import { ONE_LINE } from '../../base/one-line.ts';
import { conductName } from '../contract.ts';
import { UPSTREAM_NOTICE_KINDS } from './notice.ts';

/** `POST /control/v1/enforcement/upstream-notices` */
export const upstreamNoticeBody = z.strictObject({
  provider: z.string('must be a text').min(1, 'must be given').max(64, 'must be the name of a provider'),
  safety_identifier: z
    .string('must be a text')
    .regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits the upstream was sent')
    .describe('As the upstream quotes it.'),
  kind: z.enum(UPSTREAM_NOTICE_KINDS, `must be one of ${UPSTREAM_NOTICE_KINDS.join(', ')}`),
  detail: z
    .string('must be a text')
    .regex(ONE_LINE, 'must be given, on one line')
    .max(500, 'must be at most 500 characters')
    .describe("The upstream's own words."),
  conduct: conductName.nullable().default(null).describe('What it is about, where the upstream says so.'),
});

/** 202: whom it is about. */
export const upstreamNoticeView = z.object({ account_id: z.string(), end_user: z.string().nullable() });
