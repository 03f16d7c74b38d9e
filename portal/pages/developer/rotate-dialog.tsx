import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { ROTATE_GRACE_MS_DEFAULT } from '../../../src/accounts/contract.ts';
import {
  createdPortalKeyView,
  type CreatedPortalKeyView,
  type PortalKeyView,
} from '../../../src/portal/keys/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { keyDialogTexts } from './key-dialog-texts.ts';

/** How long the old key may go on working, milliseconds. */
const GRACES = [0, 3_600_000, 86_400_000, 604_800_000, 2_592_000_000] as const;

interface RotateDialogProps {
  readonly apiKey: PortalKeyView;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMade: (made: CreatedPortalKeyView) => void;
}

/** Puts a new key in the place of one that goes on working for a while. */
export function RotateDialog({ apiKey, opened, onClose, onMade }: RotateDialogProps) {
  const t = useTexts(keyDialogTexts);
  const { id } = useAccount();
  const [grace, setGrace] = useState<number>(ROTATE_GRACE_MS_DEFAULT);
  const rotate = useApiChange(
    (graceMs: number) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/keys/${apiKey.id}/rotate`,
      body: { grace_ms: graceMs },
      answer: createdPortalKeyView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: onMade },
  );
  return (
    <Modal opened={opened} onClose={onClose} title={t('rotate_title', { name: apiKey.name ?? apiKey.id })}>
      <div className="page">
        <p className="developer-line">{t('rotate_note')}</p>
        <Radio.Group label={t('grace')} value={String(grace)} onChange={(value) => setGrace(Number(value))}>
          <div className="page" style={{ gap: 8, marginTop: 6 }}>
            {GRACES.map((ms) => (
              <Radio key={ms} value={String(ms)} label={t(`grace_${ms}`)} />
            ))}
          </div>
        </Radio.Group>
        <FormError error={rotate.error} />
        <div className="row developer-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button loading={rotate.running} onClick={() => void rotate.run(grace)}>
            {t('rotate')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
