import { z } from 'zod';
import { checkHost, checkHttpUrl, checkOrigin, type Wrong } from '../checks.ts';
import { oauthProviders, phoneCodes } from './portal-ways.ts';
import { textThat } from './text-that.ts';

function checkPublicUrl(text: string): Wrong | null {
  if (text !== '*' && checkOrigin(text) === null) return null;
  return {
    message: 'is not the address of a portal',
    fix: 'Write scheme and host without a path, such as https://candor.example.com.',
  };
}

const page = () => textThat(checkHttpUrl).nullable().default(null);

/** The section `portal`. */
export const portalSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Whether people can sign up; `true` serves the portal on the port of the API, and needs mail.'),
    name: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .default('Candor')
      .describe('What people know the service as, in the portal and in their authenticator app.'),
    public_url: textThat(checkPublicUrl)
      .nullable()
      .default(null)
      .describe('Address people open it at, with its `https://`; links in mails begin with it. Needed with `mail`.'),
    allowed_hosts: z
      .array(textThat(checkHost))
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Host names it may be opened at, without port; `null`: `server.host`, that of `public_url`, and this machine by its usual names.',
      ),
    terms_url: page().describe('Page with the terms of use people accept when they sign up; `null`: there is none.'),
    privacy_url: page().describe('Page that says what is kept of people; `null`: there is none.'),
    session_idle_hours: z
      .int()
      .min(1)
      .max(8760)
      .default(336)
      .describe('A session of a person that is not used ends; 336 hours are two weeks.'),
    session_max_hours: z
      .int()
      .min(1)
      .max(8760)
      .default(2160)
      .describe('A session of a person ends after this long, used or not; 2160 hours are 90 days.'),
    mail_outbox: z
      .boolean()
      .default(false)
      .describe(
        'For development, without `mail`: mails are kept and shown at `/outbox` to whoever sits at this machine. Refused where `server.host` is reached from elsewhere.',
      ),
    oauth: oauthProviders,
    phone: phoneCodes,
  })
  .prefault({})
  .describe('The portal where people sign up, with its pages and its API.');

export type PortalEntry = z.output<typeof portalSection>;
