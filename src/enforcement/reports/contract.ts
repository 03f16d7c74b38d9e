/** The wire of reports, of the portal and of `/v1/reports`. */
import { z } from 'zod';
import { slug } from '../../accounts/contract.ts';
import { REPORT_CATEGORIES, REPORT_CHARS_MAX } from './report.ts';

/** `POST /v1/reports` and `POST /portal/v1/accounts/{account}/reports` */
export const reportBody = z
  .strictObject({
    request_id: z
      .string('must be a text')
      .min(1, 'must be given')
      .max(64, 'must be a request id')
      .nullable()
      .default(null),
    app: slug.nullable().default(null),
    category: z.enum(REPORT_CATEGORIES, `must be one of ${REPORT_CATEGORIES.join(', ')}`),
    text: z
      .string('must be a text')
      .trim()
      .max(REPORT_CHARS_MAX, `must have at most ${REPORT_CHARS_MAX} characters`)
      .default(''),
  })
  .refine((body) => body.request_id !== null || body.app !== null, {
    path: ['request_id'],
    error: 'must be given, or app',
  });

/** 202 of both. */
export const reportView = z.object({
  id: z.string(),
  at: z.string(),
  category: z.enum(REPORT_CATEGORIES),
  request_id: z.string().nullable(),
  app: z.string().nullable(),
  /** The same was reported before, and counts once. */
  repeated: z.boolean(),
});

export type ReportBody = z.output<typeof reportBody>;
export type ReportView = z.infer<typeof reportView>;
