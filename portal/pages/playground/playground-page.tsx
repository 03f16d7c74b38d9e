import { Button, Collapse, Select, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconEraser } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { type PortalModelsView, portalModelsView } from '../../../src/portal/models/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { Compose } from './compose.tsx';
import { Conversation } from './conversation.tsx';
import { NextSteps } from './next-steps.tsx';
import './playground.css';
import { playgroundTexts } from './playground-texts.ts';
import { usePlayground } from './use-playground.ts';

/** Asks models with a key of one's own; the first answer is here, a moment after signing up. */
export function PlaygroundPage() {
  const t = useTexts(playgroundTexts);
  const account = useAccount();
  const models = useApi({ path: apiPath`/portal/v1/accounts/${account.id}/models`, answer: portalModelsView });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <ApiPart state={models}>
        {(answer) =>
          answer.first_model === null ? (
            <div className="panel">
              <EmptyState title={t('no_models')}>{t('no_models_note')}</EmptyState>
            </div>
          ) : (
            <Table models={answer} first={answer.first_model} />
          )
        }
      </ApiPart>
    </div>
  );
}

function Table({ models, first }: { readonly models: PortalModelsView; readonly first: string }) {
  const t = useTexts(playgroundTexts);
  const playground = usePlayground();
  const [model, setModel] = useState(first);
  const [system, setSystem] = useState('');
  const [shown, { toggle }] = useDisclosure(false);
  const names = models.data.filter(({ prices }) => models.free_of_charge || prices.length > 0).map((one) => one.model);
  const send = (question: string) => playground.send({ model, system, question });
  const end = useEndInView(playground.turns.length);
  return (
    <div className="playground">
      <div className="playground-head">
        <Select
          aria-label={t('model')}
          data={names.includes(model) ? names : [model, ...names]}
          value={model}
          onChange={(name) => setModel(name ?? first)}
          allowDeselect={false}
          searchable={names.length > 8}
          size="sm"
          className="playground-model"
        />
        <Button variant="default" aria-expanded={shown} onClick={toggle}>
          {t('show_system')}
        </Button>
        {playground.turns.length === 0 ? null : (
          <Button
            variant="subtle"
            disabled={playground.writing}
            leftSection={<IconEraser size={16} stroke={1.7} aria-hidden />}
            onClick={playground.clear}
          >
            {t('clear')}
          </Button>
        )}
      </div>
      <Collapse expanded={shown}>
        <Textarea
          label={t('system')}
          description={t('system_note')}
          autosize
          minRows={2}
          maxRows={8}
          value={system}
          onChange={(event) => setSystem(event.currentTarget.value)}
        />
      </Collapse>
      <Conversation turns={playground.turns} onIdea={send} />
      <FormError error={playground.keyError} />
      {playground.turns.length === 1 && playground.turns[0]?.state === 'done' ? <NextSteps /> : null}
      <div ref={end}>
        <Compose writing={playground.writing} onSend={send} onStop={playground.stop} />
      </div>
    </div>
  );
}

/** What was just asked and where the next is written come into view together. */
function useEndInView(turns: number) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (turns > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [turns]);
  return end;
}
