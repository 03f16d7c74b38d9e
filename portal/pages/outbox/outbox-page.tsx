import { useId } from 'react';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { type OutboxView, outboxView } from '../../../src/people/contract.ts';
import { outboxTexts } from './outbox-texts.ts';

const EVERY_MS = 2_000;

/** Mails that would have been sent, the newest first; for development, where there is no mail server. */
export function OutboxPage() {
  const t = useTexts(outboxTexts);
  const state = useApi({ path: '/portal/v1/outbox', answer: outboxView }, { everyMs: EVERY_MS });
  return (
    <div className="page outbox">
      <PageHeader title={t('title')} note={t('note')} />
      <ApiPart state={state}>
        {({ data }) =>
          data.length === 0 ? (
            <div className="panel">
              <EmptyState title={t('none')}>{t('none_note')}</EmptyState>
            </div>
          ) : (
            data.map((mail) => <MailShown key={mail.id} mail={mail} />)
          )
        }
      </ApiPart>
    </div>
  );
}

function MailShown({ mail }: { readonly mail: OutboxView['data'][number] }) {
  const id = useId();
  const t = useTexts(outboxTexts);
  const formats = useFormats();
  return (
    <article className="panel panel-padded" aria-labelledby={id}>
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <h2 className="section-title" id={id} translate="no">
          {mail.subject}
        </h2>
        <small className="dimmed">{formats.time(mail.at)}</small>
      </div>
      <p className="dimmed" style={{ margin: '2px 0 12px', overflowWrap: 'anywhere' }} translate="no">
        {t('to', { to: mail.to })}
      </p>
      <p style={{ margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} translate="no">
        {mail.body}
      </p>
      {mail.link === null ? null : (
        <p style={{ margin: '12px 0 0' }}>
          <a className="link" href={mail.link}>
            {t('open')}
          </a>
        </p>
      )}
    </article>
  );
}
