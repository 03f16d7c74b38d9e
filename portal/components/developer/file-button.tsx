import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { fetchFile } from '../../../console/api/client.ts';
import { saveFile } from '../../../console/ui/data-table/csv.ts';
import { useErrorToast } from '../form-error.tsx';

interface FileButtonProps {
  readonly label: string;
  readonly path: string;
  readonly body: unknown;
  /** Of the file that is saved. */
  readonly name: string;
}

/** Takes the answer of a question away as a file. */
export function FileButton({ label, path, body, name }: FileButtonProps) {
  const onError = useErrorToast();
  const [making, setMaking] = useState(false);
  const run = async () => {
    setMaking(true);
    const made = await fetchFile({ method: 'POST', path, body });
    setMaking(false);
    if (made.ok) saveFile(name, made.value);
    else onError(made.refusal);
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={15} />} loading={making} onClick={() => void run()}>
      {label}
    </Button>
  );
}
