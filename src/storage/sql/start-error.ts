/** Why a data folder could not be opened. The message is for the person at the terminal. */
export class StorageStartError extends Error {
  override readonly name = 'StorageStartError';
  readonly kind: 'locked' | 'newer' | 'migration' | 'folder' | 'thread';
  constructor(kind: StorageStartError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
