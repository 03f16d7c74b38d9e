import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { createdPortalKeyView } from '../../../src/portal/keys/contract.ts';
import { portalModelsView } from '../../../src/portal/models/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { KEY_PLACE, Snippets } from '../../components/developer/snippets.tsx';
import { FormError } from '../../components/form-error.tsx';
import { quickStartTexts } from './quick-start-texts.ts';

/** From nothing to the first answer: a key, a request with it, and where its receipt stands. */
export function QuickStartPage() {
  const t = useTexts(quickStartTexts);
  const { id } = useAccount();
  const make = useApiChange(
    () => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/keys`,
      body: { name: t('making_name') },
      answer: createdPortalKeyView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`] },
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <section className="panel panel-padded">
        <ol className="steps">
          <li>
            <div>
              <h2>{t('step_key')}</h2>
              <KeyStep made={make.answer?.key ?? null} making={make.running} onMake={() => void make.run(undefined)} />
              <FormError error={make.error} />
            </div>
          </li>
          <li>
            <div>
              <h2>{t('step_send')}</h2>
              <SendStep apiKey={make.answer?.key ?? KEY_PLACE} models={make.answer?.models ?? null} />
            </div>
          </li>
          <li>
            <div>
              <h2>{t('step_look')}</h2>
              <p>{t('step_look_note')}</p>
              <div className="row">
                <Link to="/requests" className="link">
                  {t('requests')}
                </Link>
                <Link to="/playground" className="link">
                  {t('playground')}
                </Link>
              </div>
            </div>
          </li>
        </ol>
      </section>
      <section className="panel panel-padded page">
        <h2 className="section-title">{t('address')}</h2>
        <p className="developer-line">{t('address_note')}</p>
        <CodeBlock code={`${window.location.origin}/v1`} label={t('address')} />
      </section>
    </div>
  );
}

interface KeyStepProps {
  readonly made: string | null;
  readonly making: boolean;
  readonly onMake: () => void;
}

function KeyStep({ made, making, onMake }: KeyStepProps) {
  const t = useTexts(quickStartTexts);
  const mayMake = useMay()('own.keys.write');
  if (!mayMake) return <p>{t('viewer', { place: KEY_PLACE })}</p>;
  if (made !== null) {
    return (
      <>
        <p>
          <StatusText status="good">{t('made')}</StatusText>
        </p>
        <CodeBlock code={made} label={t('label')} />
      </>
    );
  }
  return (
    <>
      <p>{t('step_key_note')}</p>
      <div className="row">
        <Button loading={making} onClick={onMake}>
          {t('make')}
        </Button>
        <span className="dimmed">{t('have_one', { place: KEY_PLACE })}</span>
      </div>
    </>
  );
}

interface SendStepProps {
  readonly apiKey: string;
  /** What the key may use alone; null for all. */
  readonly models: readonly string[] | null;
}

function SendStep({ apiKey, models }: SendStepProps) {
  const t = useTexts(quickStartTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/models`, answer: portalModelsView });
  return (
    <ApiPart state={state}>
      {({ first_model: first }) => {
        const model = models?.[0] ?? first;
        if (model === null) return <p>{t('no_model')}</p>;
        return (
          <>
            <p>
              {t('step_send_note', { model })}
              <Link to="/models" className="link">
                {t('models')}
              </Link>
            </p>
            <Snippets apiKey={apiKey} model={model} />
          </>
        );
      }}
    </ApiPart>
  );
}
