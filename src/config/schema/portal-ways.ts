import { z } from 'zod';
import { checkHttpUrl, checkVariableName } from '../checks.ts';
import { textThat } from './text-that.ts';

const address = () => textThat(checkHttpUrl).nullable().default(null);

const providerName = textThat((text) =>
  /^[a-z0-9][a-z0-9-]{0,31}$/.test(text)
    ? null
    : { message: 'is not a usable name', fix: 'Use 1 to 32 small letters, digits and "-".' },
);

const provider = z
  .strictObject({
    label: z.string().trim().min(1).max(40).describe('What people read on the button.'),
    issuer: address().describe(
      'Issuer of a service that speaks OpenID Connect, such as https://accounts.google.com; its endpoints are asked for there.',
    ),
    authorization_endpoint: address().describe(
      'Without `issuer`: where people say yes, of a service that speaks OAuth 2.0 alone.',
    ),
    token_endpoint: address().describe('Without `issuer`: where codes become tokens.'),
    userinfo_endpoint: address().describe('Without `issuer`: who somebody is, as JSON with `id` or `sub`.'),
    emails_endpoint: address().describe(
      'Without `issuer`: a list of `{email, primary, verified}`, where `userinfo_endpoint` does not say whose an address is.',
    ),
    client_id: z.string().min(1).max(500).describe('What the service knows this one as.'),
    client_secret_env: textThat(checkVariableName)
      .nullable()
      .default(null)
      .describe('Name of the environment variable that holds the secret of the client; `null` for one without.'),
    scopes: z
      .string()
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/)
      .max(500)
      .default('openid email profile')
      .describe('What is asked of the service, parted by spaces.'),
  })
  .describe('A service people may sign up and in with.');

/** `portal.oauth` */
export const oauthProviders = z
  .record(providerName, provider)
  .default({})
  .describe(
    'Other services people may sign up and in with, by a name of small letters that stands in addresses: `/portal/v1/oauth/<name>/callback` is to be entered there.',
  );

/** `portal.phone` */
export const phoneCodes = z
  .strictObject({
    url: textThat(checkHttpUrl).describe(
      'Where a code is handed to be sent, by one POST of `{number, code, locale, text}`: 2xx means that it was, 422 that the number is no mobile number.',
    ),
    secret_env: textThat(checkVariableName).describe(
      'Name of the environment variable that holds what is sent along as `authorization: Bearer`.',
    ),
    messages_per_day: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1_000)
      .describe('Codes sent a day in all, and half as many to one country: what a flood may cost.'),
  })
  .nullable()
  .default(null)
  .describe('How codes are sent to phones, one more proof that free credit may ask for; `null`: they are not.');

export type OauthEntry = z.output<typeof oauthProviders>;
export type PhoneEntry = z.output<typeof phoneCodes>;
