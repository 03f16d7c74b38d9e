import { Button } from '@mantine/core';
import { addressOf } from '../../console/api/client.ts';
import { useTexts } from '../../console/locales/language.tsx';
import type { SignUpDoorView } from '../../src/people/contract.ts';
import { otherWaysTexts } from './other-ways-texts.ts';

interface OtherWaysProps {
  readonly providers: SignUpDoorView['providers'];
  /** Put into the address of the start: where to go on, the plan, the invitation. */
  readonly carry: Readonly<Record<string, string | undefined>>;
}

/** Buttons to sign up or in by another service; the browser leaves the page for it. */
export function OtherWays({ providers, carry }: OtherWaysProps) {
  const t = useTexts(otherWaysTexts);
  return providers.map(({ id, name }) => (
    <Button
      key={id}
      component="a"
      href={addressOf(`/portal/v1/oauth/${encodeURIComponent(id)}/start`, carry)}
      variant="default"
      size="md"
      fullWidth
    >
      {t('with_provider', { name })}
    </Button>
  ));
}

/** Between ways that do the same. */
export function Or() {
  const t = useTexts(otherWaysTexts);
  return <div className="or">{t('or')}</div>;
}
