import { z } from 'zod';
import { checkVariableName } from '../checks.ts';
import { textThat } from './text-that.ts';

/** The section `mail`. */
export const mail = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/)
      .describe('Name or address of the SMTP server.'),
    port: z.int().min(1).max(65_535).default(587).describe('Its port.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe(
        '`starttls`: asked for after connecting, and required; `implicit`: from the first byte, as on port 465; `none`: unencrypted, for a relay on this machine or network.',
      ),
    user: z.string().min(1).max(320).nullable().default(null).describe('User name; `null` signs in nowhere.'),
    password_env: textThat(checkVariableName)
      .nullable()
      .default(null)
      .describe('Name of the environment variable that holds the password of `user`.'),
    from: z.email().max(254).describe('Address mails are sent from.'),
    timeout_ms: z.int().min(100).max(120_000).default(20_000).describe('Time one message may take.'),
  })
  .nullable()
  .default(null)
  .describe('How mail is sent, of alerts and of the portal; `null`: it is not.');

export type MailEntry = z.output<typeof mail>;
