import type { SqliteDatabase } from '../../runtime/sqlite.ts';

export interface Checkpointer {
  /** Moves the write-ahead log into the database if it has grown past its limit. */
  maybe(): void;
  /** Tries at once, for when the disk is full: a log that has been moved is written over from its start. */
  now(): void;
}

/**
 * Keeps the write-ahead log short from the one thread that writes it. A passive checkpoint moves what no reader still
 * needs and waits for nobody; if a reader holds the log open, the next try waits until it has grown by a quarter more.
 */
export function createCheckpointer(database: SqliteDatabase, walFramesMax: number): Checkpointer {
  const measure = database.prepare('pragma wal_checkpoint(noop)');
  const move = database.prepare('pragma wal_checkpoint(passive)');
  let retryAtFrames = walFramesMax;

  function now() {
    const row = move.all([])[0];
    const frames = Number(row?.['log']);
    const left = frames - Number(row?.['checkpointed']);
    retryAtFrames = left > 0 ? frames + Math.ceil(walFramesMax / 4) : walFramesMax;
  }

  return {
    maybe() {
      const row = measure.all([])[0];
      const frames = Number(row?.['log']);
      if (frames < walFramesMax) retryAtFrames = walFramesMax;
      const left = frames - Number(row?.['checkpointed']);
      if (left > 0 && frames >= retryAtFrames) now();
    },
    now,
  };
}
